package dev.countersign.evidence.rotation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.Rotation.Secret;
import dev.countersign.catalog.Rotation.Store;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.SystemApi;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Vault's metadata of the KV engine, version 2, and static roles of its database engine: neither answer has the secret in it. */
@Component
@ConditionalOnProperty("countersign.evidence.certificates.vault.url")
class VaultAges implements SecretCheck {
    private final SystemApi api;
    private final Clock clock;

    VaultAges(RotationProperties properties, Clock clock) {
        this.clock = clock;
        var vault = properties.vault();
        var token = vault.credentials();
        this.api = new SystemApi(
                vault.url(),
                () -> {
                    Map<String, String> headers = new HashMap<>(Map.of(
                            "Accept", "application/json", "X-Vault-Request", "true", "X-Vault-Token", token.read()));
                    if (vault.namespace() != null && !vault.namespace().isBlank()) {
                        headers.put("X-Vault-Namespace", vault.namespace());
                    }
                    return headers;
                },
                properties.timeout(),
                properties.maxResponse().toBytes(),
                clock,
                TrustedRoots.only(vault.caFile()));
    }

    @Override
    public boolean keeps(Store store) {
        return store == Store.VAULT_KV || store == Store.VAULT_DATABASE;
    }

    @Override
    public Seen look(Secret secret) throws InterruptedException {
        boolean kv = secret.store() == Store.VAULT_KV;
        try {
            Optional<SystemApi.Page> page = api.page("/v1/%s/%s/%s"
                    .formatted(
                            segments(secret.container()), kv ? "metadata" : "static-roles", segments(secret.name())));
            if (page.isEmpty()) {
                return Seen.failed(secret, Fault.MISSING, "Vault has no such secret");
            }
            JsonNode data = page.get().body().path("data");
            return kv
                    ? version(secret, data)
                    : Stated.at(secret, data.path("last_vault_rotation").asText(null), "last_vault_rotation", clock);
        } catch (SourceUnavailable unavailable) {
            return Seen.failed(secret, Fault.ERROR, "Vault: " + unavailable.getMessage());
        }
    }

    private Seen version(Secret secret, JsonNode data) {
        String current = data.path("current_version").asText("");
        JsonNode version = data.path("versions").path(current);
        if (!version.isObject()) {
            return current.equals("0")
                    ? Seen.failed(secret, Fault.MISSING, "the secret has no version")
                    : Seen.failed(secret, Fault.NO_AGE, "Vault says nothing of its current version");
        }
        if (version.path("destroyed").asBoolean() || isDeleted(version)) {
            return Seen.failed(secret, Fault.MISSING, "its current version was deleted");
        }
        return Stated.at(secret, version.path("created_time").asText(null), "created_time", clock);
    }

    /** It may also be a time to come. What cannot be read is taken for the past. */
    private boolean isDeleted(JsonNode version) {
        String at = version.path("deletion_time").asText("");
        if (at.isBlank()) {
            return false;
        }
        try {
            return !java.time.OffsetDateTime.parse(at).toInstant().isAfter(clock.instant());
        } catch (java.time.DateTimeException unreadable) {
            return true;
        }
    }

    private static String segments(String path) {
        return Arrays.stream(path.split("/")).map(BaseAddress::segment).collect(Collectors.joining("/"));
    }
}
