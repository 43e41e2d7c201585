package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Evidence.Finding;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Certificates and secrets as the platform saw them. What depends on the time (expired, expiring, too old) is not counted here: a document is read once, and judged for as long as it
 * counts.
 */
@Component
class CertificateCheckReader implements DocumentReader {
    private static final String ERRORS = "errors";
    private static final Map<String, String> COUNTS = Map.of(
            "wrong-host", "wrongHost",
            "untrusted", "untrusted",
            "incomplete-chain", "untrusted",
            "weak", "weak",
            "missing", "secretsMissing",
            "no-age", "secretsWithoutAge");

    @Override
    public DocumentType type() {
        return DocumentType.CERTIFICATE_CHECK;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Declared check = Declared.read(content, type());
        Tally tally = new Tally();
        int index = 0;
        for (JsonNode endpoint : check.root().path("endpoints")) {
            tally.add(
                    check,
                    endpoint,
                    "/endpoints/" + index++,
                    endpoint.path("serverName").asText());
            tally.counts.merge("endpoints", 1L, Long::sum);
        }
        index = 0;
        for (JsonNode secret : check.root().path("secrets")) {
            tally.add(check, secret, "/secrets/" + index++, secret.path("kind").asText());
            tally.counts.merge("secrets", 1L, Long::sum);
        }
        Map<String, Object> summary = new LinkedHashMap<>(tally.counts);
        summary.put("declared", (long) check.root().path("declarations").size());
        summary.put("checks", tally.counts.get("endpoints") + tally.counts.get("secrets"));
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("certificates", tally.certificates);
        details.put("secrets", tally.secrets);
        details.put("nothing", nothing(check));
        return new Reading(
                check.root().path("subject").path("service").asText(),
                check.stated(),
                summary,
                details,
                true,
                null,
                tally.findings.stream().limit(Reading.MOST_FINDINGS).toList());
    }

    private static List<String> nothing(Declared check) {
        List<String> reasons = new ArrayList<>();
        check.root().path("declarations").forEach(one -> {
            if (!one.path("nothing").isNull()) {
                reasons.add(Words.of(one.path("nothing").asText()));
            }
        });
        return reasons;
    }

    private static final class Tally {
        private final Map<String, Long> counts = new LinkedHashMap<>();
        private final List<Finding> findings = new ArrayList<>();
        private final List<Map<String, Object>> certificates = new ArrayList<>();
        private final List<Map<String, Object>> secrets = new ArrayList<>();

        Tally() {
            List.of(
                            "endpoints",
                            "secrets",
                            ERRORS,
                            "wrongHost",
                            "untrusted",
                            "weak",
                            "secretsMissing",
                            "secretsWithoutAge")
                    .forEach(count -> counts.put(count, 0L));
        }

        void add(Declared check, JsonNode seen, String pointer, String what) throws Unreadable {
            String at = Words.of(seen.path("at").asText());
            JsonNode rotated = seen.path("rotatedAt");
            boolean dated = rotated.isTextual();
            if (seen.path("faults").isEmpty() && seen.path("certificates").isEmpty() && !dated) {
                throw new Unreadable("it says nothing of " + at, pointer);
            }
            JsonNode first = seen.path("certificates").path(0);
            int index = 0;
            for (JsonNode fault : seen.path("faults")) {
                fault(fault, at, what, first, check.place(pointer + "/faults/" + index++));
            }
            index = 0;
            for (JsonNode certificate : seen.path("certificates")) {
                certificates.add(certificate(certificate, at, check, pointer + "/certificates/" + index++));
            }
            if (dated) {
                time(rotated, pointer + "/rotatedAt");
                secrets.add(Map.of(
                        "at",
                        at,
                        "kind",
                        what,
                        "rotatedAt",
                        rotated.asText(),
                        "place",
                        check.place(pointer + "/rotatedAt")));
            }
        }

        private void fault(JsonNode fault, String at, String what, JsonNode first, String place) {
            String code = fault.path("code").asText();
            String count = COUNTS.getOrDefault(code, ERRORS);
            counts.merge(count, 1L, Long::sum);
            String shown = first.isMissingNode()
                    ? ""
                    : " (serial %s, SHA-256 %s, issued by %s, valid until %s)"
                            .formatted(
                                    first.path("serial").asText(),
                                    first.path("sha256").asText(),
                                    Words.of(first.path("issuer").asText()),
                                    first.path("notAfter").asText());
            findings.add(new Finding(
                    // Of one certificate: the next one is another finding.
                    code + "@" + at + " " + what
                            + (first.isMissingNode()
                                    ? ""
                                    : " " + first.path("sha256").asText().substring(0, 16)),
                    count.equals(ERRORS) ? "error" : "failed",
                    Words.of(at + ": " + fault.path("what").asText(), 250) + shown,
                    place,
                    List.of(count),
                    code,
                    at,
                    null,
                    null));
        }

        private static Map<String, Object> certificate(JsonNode of, String at, Declared check, String pointer)
                throws Unreadable {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("at", at);
            for (String name : List.of("serial", "sha256", "subject", "issuer")) {
                entry.put(name, Words.of(of.path(name).asText()));
            }
            for (String name : List.of("notBefore", "notAfter")) {
                time(of.path(name), pointer + "/" + name);
                entry.put(name, of.path(name).asText());
            }
            entry.put("place", check.place(pointer + "/notAfter"));
            return entry;
        }

        private static void time(JsonNode text, String pointer) throws Unreadable {
            try {
                Instant.parse(text.asText());
            } catch (DateTimeException unknown) {
                throw new Unreadable("there is no such time: " + Words.of(text.asText()), pointer);
            }
        }
    }
}
