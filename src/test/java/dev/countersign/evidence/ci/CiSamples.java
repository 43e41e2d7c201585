package dev.countersign.evidence.ci;

import static dev.countersign.evidence.AskedReleases.COMMIT;
import static dev.countersign.evidence.AskedReleases.asked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.evidence.AskedReleases;
import dev.countersign.evidence.EvidenceSource.Answer;
import dev.countersign.evidence.VendorServer;
import dev.countersign.release.Releases;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.util.unit.DataSize;

/** What build servers really sent, for the test over all samples. */
public final class CiSamples {
    private static final String SECRET = "a-secret-of-the-webhook";
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final DataSize SIZE = DataSize.ofMegabytes(1);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Those that end a run whose reports can be asked for. */
    private static final Set<String> ENDS = Set.of("workflow_run", "check_run");
    /** A column of CSV: an object in quotes, whose own quotes are doubled. */
    private static final Pattern BUILD = Pattern.compile("\"(\\{\"\"_class\"\":\"\"(?:[^\"]|\"\")*\\})\"");

    private CiSamples() {}

    public static void github(Path file, JsonNode expected) throws Exception {
        byte[] body = Files.readAllBytes(file);
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setContent(body);
        request.addHeader("X-GitHub-Event", expected.get("event").asText());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        request.addHeader("X-Hub-Signature-256", "sha256=" + HexFormat.of().formatHex(mac.doFinal(body)));
        Projects projects = mock(Projects.class);
        CiWebhooks.Taken taken = hooks(projects).github(request).getBody();
        if (ENDS.contains(expected.get("event").asText())
                && expected.path("status").asText().equals("completed")) {
            verify(projects)
                    .open(
                            Projects.GITHUB,
                            expected.get("repository").asText(),
                            expected.get("sha").asText());
        } else {
            assertThat(taken).isEqualTo(new CiWebhooks.Taken("not the end of a run", List.of()));
            verify(projects, never()).open(any(), any(), any());
        }
    }

    public static void gitlab(Path file, JsonNode expected) throws Exception {
        byte[] body = Files.readAllBytes(file);
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setContent(body);
        request.addHeader("X-Gitlab-Token", SECRET);
        Projects projects = mock(Projects.class);
        hooks(projects).gitlab(request);
        assertThat(expected.get("status").asText()).isEqualTo("success");
        verify(projects)
                .open(
                        Projects.GITLAB,
                        JSON.readTree(body).at("/project/path_with_namespace").asText(),
                        expected.get("sha").asText());
    }

    /** Each build as the newest of its job: one that still runs shows nothing, whatever result it has so far. */
    public static void jenkins(Path file, JsonNode expected) throws Exception {
        int builds = 0;
        int building = 0;
        try (VendorServer server = new VendorServer()) {
            Matcher build = BUILD.matcher(Files.readString(file));
            for (; build.find(); builds++) {
                ObjectNode one = (ObjectNode) JSON.readTree(build.group(1).replace("\"\"", "\""));
                // The platform asks for these two by name, so that they are never left out.
                one.put("building", one.path("building").asBoolean(false));
                one.putArray("actions")
                        .addObject()
                        .putObject("lastBuiltRevision")
                        .put("SHA1", COMMIT);
                server.json(
                        "/job/shop/job/checkout/api/json",
                        JSON.createObjectNode()
                                .set("builds", JSON.createArrayNode().add(one))
                                .toString());
                Answer answer = jenkins(server).fetch(asked(null), TIME);
                boolean runs = one.path("building").asBoolean();
                if (runs || one.path("result").asText().equals("SUCCESS")) {
                    assertThat(answer.documents()).isEmpty();
                    assertThat(answer.missing()).contains(runs ? "has not ended yet" : "left no report");
                } else {
                    // That it did not end well is a failed test of its own.
                    assertThat(answer.documents()).hasSize(1);
                }
                building += runs ? 1 : 0;
            }
        }
        assertThat(builds).isEqualTo(expected.get("builds").asInt());
        assertThat(building).isEqualTo(expected.get("building").asInt());
    }

    private static JenkinsSource jenkins(VendorServer server) {
        return new JenkinsSource(
                new JenkinsProperties(server.url(), "countersign", "token", null, null, null, 100, TIME, SIZE),
                new Projects(AskedReleases.catalog(Map.of(Projects.JENKINS, "shop/checkout")), mock(Releases.class)),
                Clock.systemUTC());
    }

    private static CiWebhooks hooks(Projects projects) {
        return new CiWebhooks(
                new GithubProperties(null, null, null, SECRET, null, Pattern.compile(".*"), TIME, SIZE),
                new GitlabProperties(null, null, null, SECRET, null, TIME, SIZE),
                new JenkinsProperties(null, null, null, null, SECRET, null, 10, TIME, SIZE),
                mock(Deliveries.class),
                projects,
                (release, source) -> {},
                new ObjectMapper());
    }
}
