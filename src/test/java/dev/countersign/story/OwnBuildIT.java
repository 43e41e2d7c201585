package dev.countersign.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What this build wrote about itself goes through the gates of a release of Countersign, in a running Countersign. */
@Tag("M1.5")
@Tag("M4.1")
@Tag("M8.6")
class OwnBuildIT {
    private static final Path TARGET = Path.of("target");
    private static final Path OWN = Path.of("src/test/resources/own-build");

    @TempDir
    static Path data;

    private static Platform platform;
    private static Api ci;
    private static String commit;
    private static String key;

    @BeforeAll
    static void open() throws IOException {
        platform = new Platform(
                        data,
                        "--countersign.catalog.folder=" + OWN.resolve("catalog").toAbsolutePath())
                .start();
        ci = new Api(platform, "ci");
        String digest = sha256(Path.of(System.getProperty("countersign.jar")));
        // What is built from is told by the digest of what was built: it is there without version control too.
        commit = digest.substring(0, 40);
        Api.Answer opened = ci.post(
                "/api/releases",
                Map.of(
                        "service",
                        "countersign",
                        "version",
                        System.getProperty("countersign.version"),
                        "kind",
                        "standard",
                        "summary",
                        "This build",
                        "commit",
                        commit,
                        "authors",
                        List.of("developer"),
                        "artifacts",
                        List.of(Map.of("name", "countersign.jar", "digest", "sha256:" + digest)),
                        "changes",
                        Map.of(
                                "externalEndpoints", false,
                                "authentication", false,
                                "personalData", false,
                                "databaseMigration", false,
                                "infrastructure", false,
                                "apiContract", true)));
        assertThat(opened.status()).as(opened.text()).isEqualTo(201);
        key = opened.body().path("key").asText();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        platform.close();
    }

    @Test
    void its_test_reports_pass() throws IOException {
        JsonNode read = upload("junit", "surefire", joined(TARGET.resolve("surefire-reports")));

        assertThat(read.at("/summary/tests").asLong()).isGreaterThan(1000);
        assertThat(gate("tests").path("verdict").asText())
                .as(gate("tests").toString())
                .isEqualTo("PASS");
    }

    @Test
    void its_static_analysis_passes() throws IOException {
        JsonNode read = upload("sarif", "spotbugs", Files.readAllBytes(TARGET.resolve("spotbugsSarif.json")));

        assertThat(read.at("/summary/error").asLong()).isZero();
        assertThat(gate("sast").path("verdict").asText())
                .as(gate("sast").toString())
                .isEqualTo("PASS");
    }

    @Test
    void its_bill_of_materials_is_read_and_is_no_scan() throws IOException {
        JsonNode read = upload(
                "cyclonedx",
                "cyclonedx-maven-plugin",
                Files.readAllBytes(TARGET.resolve("classes/META-INF/sbom/application.cdx.json")));

        assertThat(read.at("/summary/components").asLong()).isGreaterThan(100);
        assertThat(gate("sca").path("verdict").asText())
                .as("a list of components says nothing about their vulnerabilities")
                .isEqualTo("NO_DATA");
    }

    @Test
    void its_http_contract_breaks_nobody_who_uses_the_published_one() throws IOException {
        upload("openapi", "base", Files.readAllBytes(OWN.resolve("openapi-published.json")));
        String now = new Api(platform, "auditor").get("/v3/api-docs").text();
        JsonNode read = upload("openapi", "api-docs", now.getBytes(StandardCharsets.UTF_8));

        assertThat(read.at("/summary/operations").asLong()).isGreaterThan(20);
        assertThat(read.at("/summary/breaking").asLong())
                .as(gate("api-contract").toString())
                .isZero();
        assertThat(gate("api-contract").path("verdict").asText())
                .as(gate("api-contract").toString())
                .isEqualTo("PASS");
    }

    private static JsonNode upload(String type, String source, byte[] document) {
        Api.Answer answer = ci.upload(
                "/api/releases/%s/evidence?type=%s&source=%s&commit=%s".formatted(key, type, source, commit), document);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.body();
    }

    private static JsonNode gate(String name) {
        JsonNode gates = ci.get("/api/releases/" + key + "/gates").body();
        return StreamSupport.stream(gates.spliterator(), false)
                .filter(gate -> gate.path("gate").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No gate " + name + " in " + gates));
    }

    /** Surefire writes a report for each class: joined as docs/pipelines.md tells. */
    private static byte[] joined(Path folder) throws IOException {
        StringBuilder joined = new StringBuilder("<testsuites>\n");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(one -> one.getFileName().toString().matches("TEST-.*\\.xml"))
                    .sorted()
                    .toList()) {
                joined.append(Files.readString(file).replaceFirst("^<\\?xml[^>]*\\?>", ""))
                        .append('\n');
            }
        }
        return joined.append("</testsuites>\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream hashed = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            hashed.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(hashed.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
