package dev.countersign.evidence.rotation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.Rotation.Secret;
import dev.countersign.catalog.Rotation.Store;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.SystemApi;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * Secrets of Kubernetes. For an age only their metadata is asked for (PartialObjectMetadata), which has no data in it; for a certificate the secret itself, of which only {@code tls.crt} is
 * looked at: the API gives no part of it.
 */
@Component
@ConditionalOnProperty("countersign.evidence.certificates.kubernetes.url")
class KubernetesAges implements SecretCheck {
    private static final String METADATA_ONLY = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    private static final String TLS = "kubernetes.io/tls";
    private final SystemApi metadata;
    private final SystemApi whole;
    private final Clock clock;

    KubernetesAges(RotationProperties properties, Clock clock) {
        this.clock = clock;
        this.metadata = api(properties, METADATA_ONLY, clock);
        this.whole = api(properties, "application/json", clock);
    }

    private static SystemApi api(RotationProperties properties, String accept, Clock clock) {
        var kubernetes = properties.kubernetes();
        var token = kubernetes.credentials();
        return new SystemApi(
                kubernetes.url(),
                () -> Map.of("Accept", accept, "Authorization", "Bearer " + token.read()),
                properties.timeout(),
                properties.maxResponse().toBytes(),
                clock,
                TrustedRoots.only(kubernetes.caFile()));
    }

    @Override
    public boolean keeps(Store store) {
        return store == Store.KUBERNETES;
    }

    @Override
    public Seen look(Secret secret) throws InterruptedException {
        String path = "/api/v1/namespaces/%s/secrets/%s"
                .formatted(BaseAddress.segment(secret.container()), BaseAddress.segment(secret.name()));
        try {
            Optional<SystemApi.Page> page = (secret.isCertificate() ? whole : metadata).page(path);
            if (page.isEmpty()) {
                return Seen.failed(secret, Fault.MISSING, "Kubernetes has no such secret");
            }
            JsonNode body = page.get().body();
            return secret.isCertificate() ? certificates(secret, body) : age(secret, body.path("metadata"));
        } catch (SourceUnavailable unavailable) {
            return Seen.failed(secret, Fault.ERROR, "Kubernetes: " + unavailable.getMessage());
        }
    }

    /** The annotation, where one is named; else when whoever owns the data last wrote it; else when the secret was made. */
    private Seen age(Secret secret, JsonNode of) {
        if (secret.rotatedAt() != null) {
            return Stated.at(
                    secret,
                    of.path("annotations").path(secret.rotatedAt()).asText(null),
                    "annotation " + secret.rotatedAt(),
                    clock);
        }
        String newest = null;
        for (JsonNode manager : of.path("managedFields")) {
            JsonNode fields = manager.path("fieldsV1");
            String time = manager.path("time").asText("");
            // Times of Kubernetes have one form (RFC 3339, UTC, seconds): their order is that of the texts.
            if ((fields.has("f:data") || fields.has("f:stringData"))
                    && (newest == null || time.compareTo(newest) > 0)) {
                newest = time;
            }
        }
        return newest == null || newest.isBlank()
                ? Stated.at(secret, of.path("creationTimestamp").asText(null), "creationTimestamp", clock)
                : Stated.at(secret, newest, "managedFields", clock);
    }

    private static Seen certificates(Secret secret, JsonNode body) {
        String type = body.path("type").asText("");
        if (!type.equals(TLS)) {
            return Seen.failed(secret, Fault.ERROR, "it is of type '%s', not %s".formatted(type, TLS));
        }
        try {
            byte[] pem =
                    Base64.getDecoder().decode(body.path("data").path("tls.crt").asText(""));
            List<X509Certificate> found = List.copyOf(TrustedRoots.Pem.certificates(new ByteArrayInputStream(pem)));
            return found.isEmpty()
                    ? Seen.failed(secret, Fault.MISSING, "there is no certificate in its tls.crt")
                    : new Seen(secret, null, found, weaknesses(found));
        } catch (CertificateException | IllegalArgumentException broken) {
            return Seen.failed(secret, Fault.ERROR, "its tls.crt cannot be read");
        }
    }

    private static List<Fault> weaknesses(List<X509Certificate> chain) {
        return chain.stream()
                .flatMap(one -> Strength.weakness(one).stream()
                        .map(why -> new Fault(Fault.WEAK, Certificates.name(one) + ": " + why)))
                .toList();
    }
}
