package dev.countersign.schedule.rota;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.schedule.Rotas;
import dev.countersign.schedule.Rotas.Duty;
import dev.countersign.schedule.Rotas.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

@Tag("M5.4")
class ConfiguredRotasTests {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final String ONCALLS = "/oncalls";

    @RegisterExtension
    static final WireMockExtension PAGERDUTY = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"))
            .build();

    @TempDir
    Path folder;

    private final People people = mock(People.class);
    private Path token;

    @BeforeEach
    void known() throws IOException {
        token = Files.writeString(folder.resolve("token"), "secret-of-the-test\n");
        when(people.known(anyString())).thenReturn(Optional.empty());
        knows("sre@example.com", "sre", "on-call");
        knows("on-call@example.com", "on-call", "on-call");
        knows("developer@example.com", "developer", "developer");
    }

    private void knows(String address, String id, String group) {
        when(people.known(address)).thenReturn(Optional.of(new Person(id, "The " + id, address, Set.of(group))));
    }

    private Rotas rotas(String annotation) {
        Catalog catalog = mock(Catalog.class);
        when(catalog.service("checkout"))
                .thenReturn(Optional.of(new Service(
                        "checkout",
                        "",
                        "",
                        "payments",
                        "payments",
                        "retail",
                        "critical",
                        "production",
                        "on-call",
                        false,
                        List.of(),
                        annotation == null ? Map.of() : Map.of(Rotas.ANNOTATION, annotation),
                        "catalog-info.yaml")));
        return new ConfiguredRotas(
                bound(Map.of(
                        "countersign.schedule.rotas.paged.escalation-policy",
                        "PABC123",
                        "countersign.schedule.rotas.filed.calendars[0]",
                        folder.resolve("rota.ics").toUri().toString(),
                        "countersign.schedule.pagerduty.url",
                        "http://127.0.0.1:" + PAGERDUTY.getPort(),
                        "countersign.schedule.pagerduty.token-file",
                        token.toString())),
                catalog,
                people,
                new ObjectMapper());
    }

    private static RotaProperties bound(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("countersign.schedule", RotaProperties.class);
    }

    private static String turn(String email, int level, String end) {
        return """
                {"escalation_policy": {"id": "PABC123"}, "escalation_level": %d, "schedule": {"id": "PI7DH85"},
                 "user": {"id": "PT23IWX", "type": "user", "summary": "Some name", "email": "%s"},
                 "start": "2026-11-23T08:00:00Z", "end": %s}"""
                .formatted(level, email, end == null ? "null" : '"' + end + '"');
    }

    private static void answers(String... turns) {
        PAGERDUTY.stubFor(get(urlPathEqualTo(ONCALLS))
                .willReturn(okJson("{\"oncalls\": [" + String.join(",", turns) + "], \"more\": false}")));
    }

    @Test
    void pagerduty_s_levels_are_the_platform_s_people_in_their_order() {
        answers(turn("on-call@example.com", 2, null), turn("sre@example.com", 1, "2026-11-30T09:00:00+01:00"));

        Duty duty = rotas("paged").onDuty("checkout", NOW);

        assertThat(duty.turns())
                .containsExactly(
                        new Turn("sre", "The sre", 1, Instant.parse("2026-11-30T08:00:00Z")),
                        new Turn("on-call", "The on-call", 2, null));
        assertThat(duty.first()).extracting(Turn::person).containsExactly("sre");
        assertThat(duty.gap()).isNull();
        PAGERDUTY.verify(getRequestedFor(urlPathEqualTo(ONCALLS))
                .withHeader("Authorization", equalTo("Token token=secret-of-the-test"))
                .withHeader("Accept", equalTo("application/vnd.pagerduty+json;version=2"))
                .withQueryParam("escalation_policy_ids[]", equalTo("PABC123"))
                .withQueryParam("include[]", equalTo("users"))
                .withQueryParam("since", equalTo("2026-11-26T12:00:00Z")));
    }

    @Test
    void pages_are_followed_and_an_answer_is_used_for_a_minute() {
        PAGERDUTY.stubFor(get(urlPathEqualTo(ONCALLS))
                .withQueryParam("offset", equalTo("0"))
                .willReturn(okJson("{\"oncalls\": [" + turn("on-call@example.com", 2, null) + "], \"more\": true}")));
        PAGERDUTY.stubFor(get(urlPathEqualTo(ONCALLS))
                .withQueryParam("offset", equalTo("100"))
                .willReturn(okJson("{\"oncalls\": [" + turn("sre@example.com", 1, null) + "], \"more\": false}")));
        Rotas rotas = rotas("paged");

        assertThat(rotas.onDuty("checkout", NOW).turns())
                .extracting(Turn::person)
                .containsExactly("sre", "on-call");
        assertThat(rotas.onDuty("checkout", NOW.plusSeconds(59)).turns()).hasSize(2);
        PAGERDUTY.verify(2, getRequestedFor(urlPathEqualTo(ONCALLS)));
        rotas.onDuty("checkout", NOW.plusSeconds(60));
        PAGERDUTY.verify(4, getRequestedFor(urlPathEqualTo(ONCALLS)));
    }

    @Test
    void a_rota_gives_nobody_a_right() {
        answers(turn("developer@example.com", 1, null), turn("stranger@example.com", 2, null));

        Duty duty = rotas("paged").onDuty("checkout", NOW);

        assertThat(duty.turns()).isEmpty();
        assertThat(duty.first()).isEmpty();
        assertThat(duty.gap())
                .contains("developer@example.com, stranger@example.com")
                .contains("group on-call");
    }

    @Test
    void what_cannot_be_read_is_a_gap_in_words_without_the_secret() {
        for (var answer : List.of(
                aResponse().withStatus(401),
                okJson("{\"oncalls\": {}}"),
                okJson("not json"),
                okJson("{\"oncalls\": [{\"escalation_level\": 1}]}"),
                okJson("{\"oncalls\": [" + turn("sre@example.com", 1, "soon") + "]}"),
                aResponse().withStatus(302).withHeader("Location", "http://127.0.0.1:1/"))) {
            PAGERDUTY.stubFor(get(urlPathEqualTo(ONCALLS)).willReturn(answer));
            Duty duty = rotas("paged").onDuty("checkout", NOW);
            assertThat(duty.turns()).isEmpty();
            assertThat(duty.gap()).startsWith("The rota paged cannot be read").doesNotContain("secret-of-the-test");
        }
    }

    /** A task's persons and its groups are two questions: both get the same answer, or nobody could complete it. */
    @Test
    void what_failed_is_not_asked_again_at_once() {
        PAGERDUTY.stubFor(get(urlPathEqualTo(ONCALLS)).willReturn(aResponse().withStatus(500)));
        Rotas rotas = rotas("paged");
        assertThat(rotas.onDuty("checkout", NOW).gap()).contains("500");
        answers(turn("sre@example.com", 1, null));
        assertThat(rotas.onDuty("checkout", NOW.plusSeconds(1)).gap()).contains("500");
        assertThat(rotas.onDuty("checkout", NOW.plusSeconds(10)).turns())
                .extracting(Turn::person)
                .containsExactly("sre");
    }

    @Test
    void a_calendar_is_read_anew_at_each_question() throws IOException {
        Rotas rotas = rotas("filed");
        assertThat(rotas.onDuty("checkout", NOW).gap()).contains("cannot be read");
        Files.writeString(
                folder.resolve("rota.ics"),
                "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\n"
                        + "DTSTART:20261126T110000Z\r\nDTEND:20261126T130000Z\r\nSUMMARY:sre@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        assertThat(rotas.onDuty("checkout", NOW).turns())
                .extracting(Turn::person)
                .containsExactly("sre");
        assertThat(rotas.onDuty("checkout", NOW.plusSeconds(3600)).gap())
                .isEqualTo("The rota filed names nobody for this time");
    }

    /** Who asks may be the engine in the middle of a release. */
    @Test
    void a_calendar_with_a_zone_that_nobody_knows_names_nobody_and_says_so() throws IOException {
        Files.writeString(
                folder.resolve("rota.ics"),
                "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\n"
                        + "DTSTART;TZID=Customized Time Zone:20261126T110000\r\nDTEND;TZID=Customized Time Zone:20261126T130000\r\n"
                        + "SUMMARY:sre@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        Duty duty = rotas("filed").onDuty("checkout", NOW);
        assertThat(duty.turns()).isEmpty();
        assertThat(duty.gap()).startsWith("The rota filed cannot be read").contains("Customized Time Zone");
    }

    @Test
    void a_service_without_a_rota_has_none_and_one_with_an_unknown_rota_says_so() {
        assertThat(rotas(null).onDuty("checkout", NOW)).isEqualTo(Duty.NONE);
        assertThat(rotas("other").onDuty("checkout", NOW).gap()).contains("No rota of the name other");
    }

    @Test
    void a_rota_that_is_kept_nowhere_or_twice_or_without_a_token_stops_the_start() {
        for (Map<String, String> wrong : List.of(
                Map.of("countersign.schedule.rotas.a.zone", "UTC"),
                Map.of(
                        "countersign.schedule.rotas.a.calendars[0]", "file:a.ics",
                        "countersign.schedule.rotas.a.escalation-policy", "P1"),
                Map.of("countersign.schedule.rotas.a.escalation-policy", "P1"),
                Map.of("countersign.schedule.rotas.a.escalation-policy", "P1/../users"))) {
            assertThatThrownBy(() -> bound(wrong)).rootCause().isInstanceOf(IllegalArgumentException.class);
        }
    }
}
