package dev.countersign.incident.reported;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.api.Problem;
import dev.countersign.catalog.Service;
import dev.countersign.incident.ReportedIncidents.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each system sends is read as what it means, and nothing else is. */
@Tag("E4")
class ReportsTests {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Reports> SYSTEMS =
            List.of(new PagerDutyReports(), new JiraReports(), new ServiceNowReports(), new OwnReports());

    private static Part part(String json) {
        try {
            return Part.root(JSON.readTree(json.replace('\'', '"')));
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    static List<Report> sample(String name) throws IOException {
        Part document = Part.root(JSON.readTree(
                Files.readAllBytes(Path.of("src/test/resources/incidents").resolve(name))));
        List<Reports> speaking =
                SYSTEMS.stream().filter(system -> system.speaks(document)).toList();
        assertThat(speaking).as(name).hasSize(1);
        return speaking.get(0).read(document);
    }

    private static void refused(Reports reader, String json, String pointer) {
        assertThatThrownBy(() -> reader.read(part(json)))
                .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.errors())
                        .extracting(Problem.FieldError::pointer)
                        .containsExactly(pointer));
    }

    @Test
    void an_event_of_pagerduty_tells_how_its_incident_stands() throws IOException {
        assertThat(sample("pagerduty-webhook.json")).singleElement().satisfies(report -> {
            assertThat(report.id()).isEqualTo("Q1SHOPINCIDENT");
            assertThat(report.number()).isEqualTo("1207");
            assertThat(report.title()).isEqualTo("Payments time out");
            assertThat(report.serviceId()).isEqualTo("PSVC001");
            assertThat(report.serviceNames()).containsExactly("payments");
            assertThat(report.status()).isEqualTo(Status.ACKNOWLEDGED);
            assertThat(report.urgency()).isEqualTo("high");
            assertThat(report.startedAt()).isEqualTo("2026-11-23T10:05:00Z");
            assertThat(report.acknowledgedAt()).isEqualTo("2026-11-23T10:07:30.250Z");
            assertThat(report.resolvedAt()).isNull();
            assertThat(report.address()).isEqualTo("https://shop.pagerduty.com/incidents/Q1SHOPINCIDENT");
        });
    }

    @Test
    void what_pagerduty_says_beside_incidents_is_none() {
        for (String event : List.of(
                "{'event':{'event_type':'pagey.ping','occurred_at':'2026-11-23T10:00:00Z','data':{'message':'hi','type':'ping'}}}",
                "{'event':{'event_type':'incident.annotated','occurred_at':'2026-11-23T10:00:00Z','data':{'id':'P1','type':'incident_note','content':'x','incident':{'id':'Q1'}}}}",
                "{'event':{'event_type':'service.updated','occurred_at':'2026-11-23T10:00:00Z','data':{'id':'P1','type':'service'}}}")) {
            assertThat(new PagerDutyReports().speaks(part(event))).isTrue();
            assertThat(new PagerDutyReports().read(part(event))).isEmpty();
        }
    }

    @Test
    void incidents_of_pagerdutys_api_come_alone_or_in_a_list() throws IOException {
        List<Report> list = sample("pagerduty-list.json");
        assertThat(list).extracting(Report::status).containsExactly(Status.RESOLVED, Status.ACKNOWLEDGED);
        assertThat(list.get(0).resolvedAt()).isEqualTo("2026-11-23T11:40:00Z");
        assertThat(list.get(1).acknowledgedAt()).isEqualTo("2026-11-23T12:04:00Z");
        String one =
                "{'id':'Q9','type':'incident','incident_number':9,'title':'x','status':'triggered','created_at':'2026-11-23T11:00:00Z'}";
        for (String alone : List.of(one, "{'incident':" + one + "}")) {
            assertThat(new PagerDutyReports().speaks(part(alone))).isTrue();
            assertThat(new PagerDutyReports().read(part(alone)))
                    .singleElement()
                    .satisfies(report -> assertThat(report.changedAt()).isEqualTo("2026-11-23T11:00:00Z"));
        }
    }

    @Test
    void a_record_of_servicenow_may_hold_values_words_or_both() throws IOException {
        assertThat(sample("servicenow-record.json")).singleElement().satisfies(report -> {
            assertThat(report.number()).isEqualTo("INC0010203");
            assertThat(report.status()).isEqualTo(Status.ACKNOWLEDGED);
            assertThat(report.startedAt()).as("kept in UTC").isEqualTo("2026-11-23T10:12:00Z");
            assertThat(report.acknowledgedAt()).isEqualTo("2026-11-23T10:20:00Z");
            assertThat(report.urgency()).isEqualTo("1 - Critical");
            assertThat(report.service()).isEqualTo("order-management");
            assertThat(report.serviceId()).isEqualTo("b0c4030ac0a800090152e7a4564ca36c");
        });
        Part plain = part(
                "{'number':'INC1','opened_at':'2026-11-23 10:12:00','state':'Resolved','resolved_at':'2026-11-23 11:00:00',"
                        + "'short_description':'x','cmdb_ci':'checkout'}");
        assertThat(new ServiceNowReports().speaks(plain)).isTrue();
        assertThat(new ServiceNowReports().read(plain)).singleElement().satisfies(report -> {
            assertThat(report.id()).isEqualTo("INC1");
            assertThat(report.status()).isEqualTo(Status.RESOLVED);
            assertThat(report.resolvedAt()).isEqualTo("2026-11-23T11:00:00Z");
            assertThat(report.service()).isEqualTo("checkout");
        });
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "1, TRIGGERED",
        "2, ACKNOWLEDGED",
        "3, ACKNOWLEDGED",
        "6, RESOLVED",
        "7, RESOLVED",
        "8, CANCELLED",
        "New, TRIGGERED",
        "In Progress, ACKNOWLEDGED",
        "On Hold, ACKNOWLEDGED",
        "Closed, RESOLVED",
        "Canceled, CANCELLED"
    })
    void servicenows_states_are_read_by_number_and_by_word(String state, Status status) {
        assertThat(new ServiceNowReports()
                        .read(part("{'number':'INC1','opened_at':'2026-11-23 10:12:00','state':'" + state + "'}"))
                        .get(0)
                        .status())
                .isEqualTo(status);
    }

    @Test
    void an_issue_of_jira_stands_as_the_category_of_its_status_says() throws IOException {
        assertThat(sample("jira-webhook.json")).singleElement().satisfies(report -> {
            assertThat(report.id()).isEqualTo("10307");
            assertThat(report.number()).isEqualTo("OPS-307");
            assertThat(report.status()).isEqualTo(Status.RESOLVED);
            assertThat(report.startedAt()).isEqualTo("2026-11-23T08:00:00Z");
            assertThat(report.resolvedAt()).isEqualTo("2026-11-23T09:15:00Z");
            assertThat(report.changedAt()).isEqualTo(Instant.ofEpochMilli(1795428900000L));
            assertThat(report.serviceNames()).containsExactly("shipping", "warehouse");
            assertThat(report.serviceId()).isEqualTo("OPS");
            assertThat(report.address()).isEqualTo("https://shop.atlassian.net/browse/OPS-307");
        });
        String issue =
                "'issue':{'key':'A-1','fields':{'created':'2026-11-23T09:00:00.000+0100','status':{'statusCategory':{'key':'new'}}}}}";
        assertThat(new JiraReports()
                        .read(part("{'timestamp':1795428900000,'webhookEvent':'jira:issue_deleted'," + issue))
                        .get(0)
                        .status())
                .isEqualTo(Status.CANCELLED);
        assertThat(new JiraReports().read(part("{'webhookEvent':'comment_created'," + issue)))
                .isEmpty();
        assertThat(new JiraReports().read(part("{" + issue)).get(0).status()).isEqualTo(Status.TRIGGERED);
    }

    @Test
    void our_own_form_says_what_it_needs() throws IOException {
        assertThat(sample("own-form.json")).singleElement().satisfies(report -> {
            assertThat(report.startedAt()).isEqualTo("2026-11-23T12:00:00Z");
            assertThat(report.service()).isEqualTo("storefront");
            assertThat(report.status()).isEqualTo(Status.TRIGGERED);
        });
        OwnReports own = new OwnReports();
        assertThat(own.read(
                                part(
                                        "{'id':'1','title':'x','startedAt':'2026-11-23T12:00:00Z','resolvedAt':'2026-11-23T12:30:00Z'}"))
                        .get(0))
                .satisfies(report -> {
                    assertThat(report.status()).isEqualTo(Status.RESOLVED);
                    assertThat(report.changedAt()).isEqualTo("2026-11-23T12:30:00Z");
                });
        refused(own, "{'id':'1','startedAt':'2026-11-23T12:00:00Z'}", "/title");
        refused(own, "{'id':'1','title':'x','startedAt':'yesterday'}", "/startedAt");
        refused(own, "{'id':'1','title':'x','startedAt':'2026-11-23T12:00:00Z','status':'odd'}", "/status");
        refused(own, "{'incidents':[{'id':'1','title':'x','startedAt':'2026-11-23T12:00:00Z'},7]}", "/incidents/1");
    }

    @Test
    void what_is_of_a_wrong_kind_is_refused_with_its_place() {
        PagerDutyReports reader = new PagerDutyReports();
        String good = "'id':'Q','type':'incident','status':'triggered','created_at':'2026-11-23T11:00:00Z'";
        refused(reader, "{'incident':{'type':'incident'}}", "/incident/id");
        refused(reader, "{'incident':{" + good.replace("'Q'", "{}") + "}}", "/incident/id");
        refused(reader, "{'incident':{" + good.replace("'Q'", "'a\\u0000b'") + "}}", "/incident/id");
        refused(reader, "{'incident':{" + good.replace("'Q'", "'" + "x".repeat(201) + "'") + "}}", "/incident/id");
        refused(reader, "{'incident':{" + good.replace("'triggered'", "['triggered']") + "}}", "/incident/status");
        refused(reader, "{'incident':{" + good.replace("'triggered'", "'odd'") + "}}", "/incident/status");
        refused(reader, "{'incident':{" + good.replace("2026-11-23", "9999-11-23") + "}}", "/incident/created_at");
        refused(reader, "{'incident':{" + good + ",'title':{}}}", "/incident/title");
        refused(
                reader,
                "{'incident':{" + good + ",'acknowledgements':[{'at':true}]}}",
                "/incident/acknowledgements/0/at");
        refused(reader, "{'incidents':[{" + good + "},{" + good.replace("'Q'", "null") + "}]}", "/incidents/1/id");
        refused(reader, "{'event':{'event_type':'incident.triggered','data':{" + good + "}}}", "/event/occurred_at");
        refused(new JiraReports(), "{'webhookEvent':'jira:issue_created','issue':[]}", "/issue");
        refused(
                new JiraReports(),
                "{'webhookEvent':'jira:issue_created','timestamp':'soon','issue':{'key':'A-1','fields':{'created':'2026-11-23T09:00:00Z'}}}",
                "/timestamp");
        refused(
                new ServiceNowReports(),
                "{'result':[{'number':'INC1','opened_at':'2026-11-23 10:12:00','state':'99'}]}",
                "/result/0/state");
    }

    @Test
    void what_strangers_wrote_is_fit_to_be_shown_and_leads_only_to_pages() {
        String incident =
                "{'id':'Q','type':'incident','status':'triggered','created_at':'2026-11-23T11:00:00Z','title':'%s','html_url':'%s'}";
        PagerDutyReports reader = new PagerDutyReports();
        Report report = reader.read(part(incident.formatted(
                        "<script>alert(1)</script>\\u0000\\u0007\\u202e \\ud800" + "x".repeat(600),
                        "javascript:alert(1)")))
                .get(0);
        assertThat(report.title()).startsWith("<script>alert(1)</script> x").hasSize(500);
        assertThat(report.title().codePoints())
                .allMatch(one -> Character.getType(one) != Character.CONTROL
                        && Character.getType(one) != Character.FORMAT
                        && Character.getType(one) != Character.SURROGATE);
        assertThat(report.address()).isNull();
        for (String address : List.of("//evil", "data:text/html,x", "https://", "https://a b", "https://me@evil/")) {
            assertThat(reader.read(part(incident.formatted("x", address)))
                            .get(0)
                            .address())
                    .as(address)
                    .isNull();
        }
        assertThat(reader.read(part(incident.formatted("\\ud83d\\ude80".repeat(300), "https://a.example/1")))
                        .get(0))
                .satisfies(one -> {
                    assertThat(one.title()).hasSize(500).doesNotContain("?");
                    assertThat(one.address()).isEqualTo("https://a.example/1");
                });
    }

    private static Service service(String name, String title, String... annotations) {
        Map<String, String> said = new java.util.HashMap<>();
        for (int at = 0; at < annotations.length; at += 2) {
            said.put(annotations[at], annotations[at + 1]);
        }
        return new Service(
                name,
                title,
                "",
                "team",
                "team",
                "unit",
                "high",
                "production",
                "on-call",
                false,
                List.of(),
                said,
                "file");
    }

    private static Report about(Source source, String id, String... names) {
        return new Report(
                source,
                "1",
                "1",
                "x",
                id,
                Arrays.asList(names),
                Status.TRIGGERED,
                null,
                Instant.EPOCH,
                null,
                null,
                Instant.EPOCH,
                null);
    }

    @Test
    void a_service_is_found_by_its_annotations_then_by_its_name_and_never_guessed() {
        List<Service> services = List.of(
                service("checkout", "Checkout", NamedServices.PAGERDUTY, "PSVC1"),
                service("cart", "Basket", NamedServices.ANY, "Warenkorb, PSVC9"),
                service("search", "Search", NamedServices.JIRA_PROJECT, "SRCH"),
                service("stock", "Stock", NamedServices.JIRA_PROJECT, "OPS", NamedServices.JIRA_COMPONENT, "Lager"),
                service("order", "Order", NamedServices.SERVICENOW, "sys1"),
                service("one", "Twin"),
                service("two", "Twin"));
        assertThat(NamedServices.among(services, about(Source.PAGERDUTY, "PSVC1", "cart")))
                .isEqualTo("checkout");
        assertThat(NamedServices.among(services, about(Source.SERVICENOW, "PSVC1")))
                .as("another system's id")
                .isNull();
        assertThat(NamedServices.among(services, about(Source.SERVICENOW, "sys1")))
                .isEqualTo("order");
        assertThat(NamedServices.among(services, about(Source.PAGERDUTY, "PSVC9")))
                .isEqualTo("cart");
        assertThat(NamedServices.among(services, about(Source.OWN, null, "warenkorb")))
                .isEqualTo("cart");
        assertThat(NamedServices.among(services, about(Source.JIRA, "SRCH"))).isEqualTo("search");
        assertThat(NamedServices.among(services, about(Source.JIRA, "OPS"))).isNull();
        assertThat(NamedServices.among(services, about(Source.JIRA, "OPS", "lager")))
                .isEqualTo("stock");
        assertThat(NamedServices.among(services, about(Source.OWN, null, "BASKET")))
                .isEqualTo("cart");
        assertThat(NamedServices.among(services, about(Source.OWN, null, "Twin")))
                .as("either of two")
                .isNull();
        assertThat(NamedServices.among(services, about(Source.OWN, null, "nobody")))
                .isNull();
        assertThat(NamedServices.among(services, about(Source.OWN, null))).isNull();
    }

    @Test
    void incidents_stand_as_their_system_said_last_in_whatever_order_it_comes() {
        Standing triggered = at("2026-11-23T10:00:00Z", Status.TRIGGERED);
        Standing acknowledged = at("2026-11-23T10:05:00Z", Status.ACKNOWLEDGED);
        Standing resolved = at("2026-11-23T11:00:00Z", Status.RESOLVED);
        Standing noted = at("2026-11-23T11:30:00Z", Status.RESOLVED);
        Standing reopened = at("2026-11-23T12:00:00Z", Status.TRIGGERED);

        Standing inOrder = triggered.then(acknowledged).then(resolved).then(noted);
        assertThat(noted.then(triggered).then(resolved).then(acknowledged).acknowledgedAt())
                .isEqualTo("2026-11-23T10:05:00Z");
        assertThat(inOrder.status()).isEqualTo(Status.RESOLVED);
        assertThat(inOrder.resolvedAt()).as("since it was over first").isEqualTo("2026-11-23T11:00:00Z");
        assertThat(inOrder.then(inOrder)).isEqualTo(inOrder);
        assertThat(inOrder.then(triggered)).isEqualTo(inOrder);
        assertThat(inOrder.then(reopened)).satisfies(open -> {
            assertThat(open.status()).isEqualTo(Status.TRIGGERED);
            assertThat(open.resolvedAt()).isNull();
            assertThat(open.acknowledgedAt()).isEqualTo("2026-11-23T10:05:00Z");
        });
        assertThat(inOrder.then(reopened).then(noted).status())
                .as("older than what is known")
                .isEqualTo(Status.TRIGGERED);
        assertThat(at("2026-11-23T10:00:00Z", Status.RESOLVED).then(triggered).status())
                .as("of the same moment")
                .isEqualTo(Status.RESOLVED);
    }

    @Test
    void when_it_was_over_does_not_depend_on_the_order_in_which_it_was_opened_again_between() {
        Standing first = at("2026-11-23T10:00:00Z", Status.RESOLVED, "2026-11-23T10:00:00Z");
        Standing reopened = at("2026-11-23T11:00:00Z", Status.TRIGGERED);
        Standing second = at("2026-11-23T12:00:00Z", Status.RESOLVED, "2026-11-23T12:00:00Z");
        for (Standing stands : List.of(
                first.then(reopened).then(second),
                first.then(second).then(reopened),
                first.kept().then(second).kept().then(reopened),
                second.then(first).then(reopened))) {
            assertThat(stands.resolvedAt()).isEqualTo("2026-11-23T12:00:00Z");
        }
        assertThat(first.then(at("2026-11-23T12:00:00Z", Status.RESOLVED)).resolvedAt())
                .as("no other time was said")
                .isEqualTo("2026-11-23T10:00:00Z");
    }

    @Test
    void an_address_that_is_too_long_once_it_is_written_out_counts_as_none() {
        String incident =
                "{'id':'Q','type':'incident','status':'triggered','created_at':'2026-11-23T11:00:00Z','title':'x','html_url':'%s'}";
        for (int letters : List.of(100, 700)) {
            String address = "https://a.example/" + "\u00e4".repeat(letters);
            assertThat(new PagerDutyReports()
                            .read(part(incident.formatted(address)))
                            .get(0)
                            .address())
                    .isEqualTo(letters == 100 ? "https://a.example/" + "%C3%A4".repeat(100) : null);
        }
        String issue =
                "{'key':'%s','self':'https://a.example/%s/rest/api/2/issue/1','fields':{'created':'2026-11-23T09:00:00Z',"
                        + "'status':{'statusCategory':{'key':'new'}}}}";
        assertThat(new JiraReports()
                        .read(part(issue.formatted("A-1", "x")))
                        .get(0)
                        .address())
                .isEqualTo("https://a.example/x/browse/A-1");
        assertThat(new JiraReports()
                        .read(part(issue.formatted("A".repeat(150) + "-1", "x".repeat(1900))))
                        .get(0)
                        .address())
                .isNull();
    }

    private static Standing at(String changed, Status status) {
        return at(changed, status, null);
    }

    private static Standing at(String changed, Status status, String resolved) {
        return Standing.of(
                new Report(
                        Source.OWN,
                        "1",
                        "1",
                        "x",
                        null,
                        List.of(),
                        status,
                        null,
                        Instant.parse("2026-11-23T10:00:00Z"),
                        null,
                        resolved == null ? null : Instant.parse(resolved),
                        Instant.parse(changed),
                        null),
                null);
    }

    @Test
    void records_that_another_tool_collected_are_read_as_it_read_them() throws IOException {
        Path folder =
                Path.of(System.getProperty("samples", "../shared/samples")).resolve("dora");
        Path manifest = folder.resolve("MANIFEST.tsv");
        assumeTrue(Files.exists(manifest), "no recorded incidents in " + folder);
        String row = Files.readAllLines(manifest).stream()
                .filter(line -> line.startsWith("pagerduty_incidents/expected.csv\t"))
                .findFirst()
                .orElseThrow();
        JsonNode expected = JSON.readTree(Arrays.stream(row.split("\t"))
                .filter(cell -> cell.startsWith("{"))
                .findFirst()
                .orElseThrow());
        PagerDutySamples.check(folder.resolve("pagerduty_incidents/expected.csv"), expected);
    }
}
