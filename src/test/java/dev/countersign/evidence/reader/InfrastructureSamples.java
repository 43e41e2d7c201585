package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.infrastructure.Answer;
import dev.countersign.evidence.infrastructure.Check;
import dev.countersign.evidence.infrastructure.Checks;
import dev.countersign.evidence.infrastructure.Hcl;
import dev.countersign.evidence.infrastructure.Resource;
import dev.countersign.evidence.infrastructure.Resources;
import dev.countersign.evidence.infrastructure.Verdict;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;

/** Infrastructure files of others, with what another tool's tests conclude from each. */
public final class InfrastructureSamples {
    /** What a manifest calls a check begins so. */
    private static final Map<String, String> CHECKS = Map.of(
            "no privileged container", "privileged-container",
            "readOnlyRootFilesystem", "writable-root-filesystem",
            "EBS volume encrypted", "volume-unencrypted",
            "S3 reachable only over TLS", "bucket-without-tls",
            "no SSH from 0.0.0.0/0", "ssh-from-anywhere");

    private InfrastructureSamples() {}

    public static void check(Path file, JsonNode expected) throws Exception {
        Content content = () -> Files.newInputStream(file);
        assertThat(new Detection().typeOf(content)).contains(DocumentType.INFRASTRUCTURE);
        Reading reading = new InfrastructureReader().read(content);
        if (expected.has("resource_changes")) {
            plan(content, reading, expected);
            return;
        }
        String check = CHECKS.entrySet().stream()
                .filter(one -> expected.get("check").asText().startsWith(one.getKey()))
                .findFirst()
                .orElseThrow()
                .getValue();
        Map<String, Long> results = results(reading, check);
        if (expected.has("verdict")) {
            boolean passed = expected.get("verdict").asText().equals("PASSED");
            assertThat(results.keySet()).containsExactly(passed ? "passed" : "failed");
        } else {
            assertThat(results.getOrDefault("passed", 0L))
                    .isEqualTo(expected.get("passing").size());
            assertThat(results.getOrDefault("failed", 0L))
                    .isEqualTo(expected.get("failing").size());
            assertThat(results).doesNotContainKey("error");
            assertThat(reading.findings())
                    .filteredOn(finding -> check.equals(finding.rule()))
                    .extracting(Finding::component)
                    .containsExactlyInAnyOrderElementsOf(list(expected.get("failing")));
            assertThat(judged(file, check, Answer.YES))
                    .containsExactlyInAnyOrderElementsOf(list(expected.get("passing")));
            assertThat(judged(file, check, Answer.NO))
                    .containsExactlyInAnyOrderElementsOf(list(expected.get("failing")));
        }
    }

    private static void plan(Content content, Reading reading, JsonNode expected) throws Exception {
        try (InputStream bytes = content.open()) {
            assertThat(DocumentText.open(bytes).charset().name().toLowerCase(Locale.ROOT))
                    .startsWith(expected.get("encoding").asText().toLowerCase(Locale.ROOT));
        }
        assertThat(reading.summary())
                .containsEntry(
                        "terraformVersion", expected.get("terraform_version").asText())
                .containsEntry(
                        "resourceChanges", expected.get("resource_changes").asLong())
                .containsEntry("actions", list(expected.get("actions")))
                .containsEntry("types", list(expected.get("types")));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Long> results(Reading reading, String check) {
        return ((Map<String, Map<String, Long>>) reading.details().get("results")).getOrDefault(check, Map.of());
    }

    /** The addresses that the check answers so. */
    static List<String> judged(Path file, String id, Answer answer) throws Exception {
        Check check = Checks.ALL.stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow();
        Resources all = new Resources();
        List<Resource> asked = new ArrayList<>();
        Hcl.read(Files.readString(file), block -> {
            Resource resource = block.resource();
            if (resource != null) {
                all.add(resource);
                if (check.kinds().contains(resource.kind())) {
                    asked.add(resource);
                }
            }
        });
        List<String> addresses = new ArrayList<>();
        for (Resource resource : asked) {
            Verdict verdict = check.of(resource, all);
            if (verdict != null && verdict.good() == answer) {
                addresses.add(resource.address());
            }
        }
        return addresses;
    }

    private static List<String> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
