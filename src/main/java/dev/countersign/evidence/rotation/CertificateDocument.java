package dev.countersign.evidence.rotation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.countersign.catalog.Rotation;
import dev.countersign.evidence.EvidenceSource.Fetched;
import dev.countersign.release.Release;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was seen, in the published format {@code certificate-check}. It has no time of its own: the same state gives the same bytes. */
final class CertificateDocument {
    static final String TYPE = "certificate-check";
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private CertificateDocument() {}

    static Fetched of(
            Release release,
            List<Rotation> declared,
            List<EndpointCheck.Seen> endpoints,
            List<SecretCheck.Seen> secrets) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("document", TYPE);
        document.put("subject", Map.of("service", release.service(), "version", release.version()));
        document.put(
                "declarations",
                declared.stream().map(CertificateDocument::declaration).toList());
        document.put(
                "endpoints",
                endpoints.stream().map(CertificateDocument::endpoint).toList());
        document.put(
                "secrets", secrets.stream().map(CertificateDocument::secret).toList());
        try {
            return Fetched.state(
                    TYPE, release.service(), JSON.writeValueAsString(document).getBytes(StandardCharsets.UTF_8), null);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static Map<String, Object> declaration(Rotation rotation) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", rotation.name());
        entry.put("sha256", rotation.digest());
        entry.put("nothing", rotation.nothing());
        return entry;
    }

    private static Map<String, Object> endpoint(EndpointCheck.Seen seen) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("id", seen.endpoint().id());
        entry.put("at", seen.endpoint().at());
        entry.put("serverName", seen.endpoint().serverName());
        entry.put("protocol", seen.protocol());
        entry.put("certificates", Certificates.entries(seen.chain()));
        entry.put("faults", seen.faults());
        return entry;
    }

    private static Map<String, Object> secret(SecretCheck.Seen seen) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("id", seen.secret().id());
        entry.put("kind", seen.secret().kind());
        entry.put("at", seen.secret().at());
        entry.put(
                "rotatedAt", seen.rotatedAt() == null ? null : seen.rotatedAt().toString());
        entry.put("certificates", Certificates.entries(seen.certificates()));
        entry.put("faults", seen.faults());
        return entry;
    }
}
