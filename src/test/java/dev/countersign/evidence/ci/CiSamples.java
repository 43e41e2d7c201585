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
import dev.countersign.evidence.EvidenceSources;
import dev.countersign.evidence.VendorServer;
import dev.countersign.release.DeploymentReport;
import dev.countersign.release.DeploymentsReported;
import dev.countersign.release.Releases;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.transaction.PlatformTransactionManager;
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
        request.addHeader("X-Hub-Signature-256", signature(body));
        Projects projects = mock(Projects.class);
        List<DeploymentReport> deployed = new ArrayList<>();
        CiWebhooks.Taken taken = hooks(projects, deployed).github(request).getBody();
        if (expected.get("event").asText().equals("deployment_status")) {
            assertThat(deployed).singleElement().satisfies(report -> {
                assertThat(report.id()).isEqualTo(expected.get("deployment_id").asText());
                assertThat(report.repository())
                        .isEqualTo(expected.get("repository").asText());
                assertThat(report.environment())
                        .isEqualTo(expected.get("environment").asText());
                assertThat(report.commit()).isEqualTo(expected.get("sha").asText());
                assertThat(report.state().name())
                        .isEqualToIgnoringCase(expected.get("state").asText());
            });
            verify(projects, never()).open(any(), any(), any());
            return;
        }
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

    private static String signature(byte[] body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    }

    /** A build that still runs has nothing asked; the same one, ended, has. */
    public static void bitbucket(Path file, JsonNode expected) throws Exception {
        String running = Files.readString(file);
        assertThat(JSON.readTree(running).at("/commit_status/state").asText())
                .isEqualTo(expected.get("state").asText())
                .isEqualTo("INPROGRESS");
        for (String body : List.of(running, running.replace("INPROGRESS", "FAILED"))) {
            MockHttpServletRequest request = new MockHttpServletRequest();
            request.setContent(body.getBytes(StandardCharsets.UTF_8));
            request.addHeader("X-Event-Key", expected.get("event").asText());
            request.addHeader("X-Hub-Signature", signature(body.getBytes(StandardCharsets.UTF_8)));
            Projects projects = mock(Projects.class);
            CiWebhooks.Taken taken = hooks(projects).bitbucket(request).getBody();
            if (body.equals(running)) {
                assertThat(taken).isEqualTo(new CiWebhooks.Taken("not the end of a run", List.of()));
                verify(projects, never()).open(any(), any(), any());
            } else {
                verify(projects)
                        .open(
                                Projects.BITBUCKET,
                                "automationtestharness/testrepo",
                                expected.get("sha").asText());
            }
        }
    }

    /** Sent in both ways of the binding: what is read of it, and whether it does anything. */
    public static void cdevents(Path file, JsonNode expected) throws Exception {
        byte[] event = Files.readAllBytes(file);
        JsonNode context = JSON.readTree(event).path("context");
        MockHttpServletRequest binary = new MockHttpServletRequest();
        binary.setContentType("application/json");
        binary.addHeader("ce-specversion", "1.0");
        List.of("id", "source", "type")
                .forEach(
                        name -> binary.addHeader("ce-" + name, context.get(name).asText()));
        ObjectNode envelope = JSON.createObjectNode().put("specversion", "1.0");
        List.of("id", "source", "type").forEach(name -> envelope.set(name, context.get(name)));
        byte[] whole = JSON.writeValueAsBytes(
                envelope.put("datacontenttype", "application/json").set("data", JSON.readTree(event)));
        MockHttpServletRequest structured = new MockHttpServletRequest();
        structured.setContentType("application/cloudevents+json; charset=UTF-8");
        assertThat(expected.path("valid").asBoolean(true)).isTrue();
        sent(binary, event, expected);
        sent(structured, whole, expected);
    }

    private static void sent(MockHttpServletRequest request, byte[] body, JsonNode expected) throws Exception {
        request.setContent(body);
        request.addHeader("X-Countersign-Signature", signature(body));
        CdeventStore store = mock(CdeventStore.class);
        List<Object> deployed = new ArrayList<>();
        CdeventsWebhook.Taken taken = new CdeventsWebhook(
                        new CdeventsProperties(SECRET, null),
                        store,
                        mock(Projects.class),
                        mock(EvidenceSources.class),
                        mock(PlatformTransactionManager.class),
                        deployed::add)
                .cdevents(request)
                .getBody();
        CdeventsWebhook.Event read = taken.event();
        String what = expected.get("subject_predicate").asText();
        assertThat("dev.cdevents." + read.type() + "." + read.version())
                .isEqualTo(expected.get("type").asText());
        assertThat(read)
                .isEqualTo(new CdeventsWebhook.Event(
                        what,
                        expected.get("event_version").asText(),
                        expected.get("specversion").asText(),
                        expected.get("id").asText(),
                        Instant.parse(expected.get("timestamp").asText()),
                        expected.get("chainId").asText(null),
                        expected.get("links").asInt(),
                        expected.get("subject").asText(),
                        expected.get("outcome").asText(null),
                        expected.get("environment").asText(null),
                        expected.get("artifactId").asText(null)));
        if (what.equals("pipelinerun.finished") || what.equals("testsuiterun.finished")) {
            assertThat(taken.outcome()).isEqualTo("no release on its way is of this run");
            verify(store).keep(any());
        } else if (what.equals("service.deployed")) {
            assertThat(taken.outcome()).isEqualTo("the deployment is compared with what was approved");
            verify(store).keep(any());
        } else if (what.equals("incident.detected")) {
            assertThat(taken.outcome()).isEqualTo(what + " takes no effect but to say what its chain is about");
            verify(store).keep(any());
        } else {
            assertThat(taken.outcome()).isEqualTo(what + " takes no effect here");
            verify(store, never()).keep(any());
        }
        assertThat(taken.releases()).isEmpty();
        assertThat(deployed)
                .hasSize(
                        Set.of("service.deployed", "service.upgraded", "service.rolledback")
                                        .contains(what)
                                ? 1
                                : 0)
                .allSatisfy(one -> assertThat(((DeploymentsReported) one).reports())
                        .singleElement()
                        .satisfies(report -> {
                            assertThat(report.environment())
                                    .isEqualTo(expected.get("environment").asText(null));
                            assertThat(report.finishedAt())
                                    .isEqualTo(Instant.parse(
                                            expected.get("timestamp").asText()));
                            assertThat(expected.get("artifactId").asText("").replace("%3A", ":"))
                                    .endsWith(report.digest() == null ? "" : report.digest());
                        }));
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
                Answer answer = ofBuild(server, one);
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

    /**
     * What another tool reads of the same builds: one that runs has no result there and shows nothing here, one that succeeded shows no tests, and whatever ended
     * otherwise is an error here, also where the other tool has no word for it.
     */
    public static void jenkinsTable(Path file) throws Exception {
        Map<String, ObjectNode> byName = new HashMap<>();
        Matcher build = BUILD.matcher(Files.readString(
                file.resolveSibling(file.getFileName().toString().replace("expected", "raw"))));
        while (build.find()) {
            ObjectNode one = (ObjectNode) JSON.readTree(build.group(1).replace("\"\"", "\""));
            byName.put(one.get("fullDisplayName").asText().replaceFirst(".* » (.*) #", "$1#"), one);
        }
        List<String> lines = Files.readAllLines(file);
        assertThat(lines.get(0)).startsWith("id,name,result,status,original_result,original_status,");
        try (VendorServer server = new VendorServer()) {
            for (String line : lines.subList(1, lines.size())) {
                String[] cells = line.split(",", 7);
                ObjectNode raw = byName.get(cells[1].substring(cells[1].lastIndexOf('/') + 1));
                assertThat(raw.get("result").asText()).isEqualTo(cells[4]);
                Answer answer = ofBuild(server, raw);
                switch (cells[3] + " " + cells[2]) {
                    case "IN_PROGRESS " -> assertThat(answer.missing()).contains("has not ended yet");
                    case "DONE SUCCESS" -> assertThat(answer.missing()).contains("left no report");
                    case "DONE FAILURE", "DONE " ->
                        assertThat(answer.documents()).singleElement().satisfies(document -> assertThat(
                                        new String(document.body().open().readAllBytes(), StandardCharsets.UTF_8))
                                .contains("<error", "ended with " + cells[4]));
                    default -> throw new AssertionError(line);
                }
                assertThat(answer.documents().isEmpty())
                        .isEqualTo(cells[3].equals("IN_PROGRESS") || cells[2].equals("SUCCESS"));
            }
        }
        assertThat(lines).hasSizeGreaterThan(10);
    }

    private static Answer ofBuild(VendorServer server, ObjectNode build) throws Exception {
        build.put("building", build.path("building").asBoolean(false));
        // The platform asks for these two by name, so that they are never left out.
        build.putArray("actions").addObject().putObject("lastBuiltRevision").put("SHA1", COMMIT);
        server.json(
                "/job/shop/job/checkout/api/json",
                JSON.createObjectNode()
                        .set("builds", JSON.createArrayNode().add(build))
                        .toString());
        return jenkins(server).fetch(asked(null), TIME);
    }

    private static JenkinsSource jenkins(VendorServer server) {
        return new JenkinsSource(
                new JenkinsProperties(server.url(), "countersign", "token", null, null, null, 100, TIME, SIZE),
                new Projects(AskedReleases.catalog(Map.of(Projects.JENKINS, "shop/checkout")), mock(Releases.class)),
                Clock.systemUTC());
    }

    private static CiWebhooks hooks(Projects projects) {
        return hooks(projects, new ArrayList<>());
    }

    private static CiWebhooks hooks(Projects projects, List<DeploymentReport> deployed) {
        return new CiWebhooks(
                new GithubProperties(null, null, null, SECRET, null, Pattern.compile(".*"), TIME, SIZE),
                new GitlabProperties(null, null, null, SECRET, null, TIME, SIZE),
                new JenkinsProperties(null, null, null, null, SECRET, null, 10, TIME, SIZE),
                new BitbucketProperties(null, null, null, SECRET, null, TIME, SIZE),
                mock(Deliveries.class),
                projects,
                (release, source) -> {},
                new ObjectMapper(),
                new GitlabDeployments(new GitlabDeploymentsProperties(null, null, null)),
                said -> deployed.addAll(((DeploymentsReported) said).reports()));
    }
}
