package dev.countersign.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.dmn.engine.DmnEngine;
import org.camunda.bpm.dmn.engine.DmnEngineConfiguration;
import org.camunda.bpm.engine.variable.Variables;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the tables as they are shipped say. */
@Tag("M2.2")
class ReviewTablesTests {
    private final DmnEngine engine =
            DmnEngineConfiguration.createDefaultDmnEngineConfiguration().buildEngine();

    @ParameterizedTest
    @Tag("M2.1")
    @CsvSource({
        "standard, critical, true",
        "standard, high, true",
        "standard, standard, false",
        "something new, critical, true",
        "standard, something new, true",
    })
    void five_seats_are_required_whatever_the_release_and_meet_above_the_lowest_tier(
            String kind, String tier, boolean meeting) throws IOException {
        var seats = seats(kind, tier, false, false, false, false, false);
        var required = seats.stream()
                .filter(seat -> !"advisory".equals(seat.get("flag")))
                .toList();
        assertThat(required)
                .extracting(seat -> seat.get("role"))
                .containsExactly("developer", "qa", "security", "operations", "compliance");
        assertThat(required).extracting(seat -> seat.get("meeting")).containsOnly(meeting);
    }

    @ParameterizedTest
    @Tag("M6.7")
    @CsvSource({"critical", "high", "standard", "something new"})
    void two_decide_on_a_hotfix_whatever_its_tier_and_do_not_meet(String tier) throws IOException {
        var seats = seats("hotfix", tier, false, false, false, false, false);
        assertThat(seats)
                .extracting(seat -> seat.get("role"), seat -> seat.get("flag"), seat -> seat.get("meeting"))
                .containsExactly(tuple("security", "veto", false), tuple("operations", "required", false));
        assertThat(ask("quorum", Map.of("kind", "hotfix", "tier", tier)))
                .singleElement()
                .isEqualTo(Map.of("persons", 2));
    }

    @ParameterizedTest
    @Tag("M6.7")
    @CsvSource({"critical", "standard"})
    void an_escalation_about_a_hotfix_is_over_within_two_hours(String tier) throws IOException {
        var levels = ask("escalation", Map.of("tier", tier, "target", "production", "kind", "hotfix"));
        assertThat(levels)
                .extracting(level -> level.get("level"))
                .containsExactly("stateFacts", "decideJointly", "decideAsExecutive", "appealVeto");
        assertThat(levels.stream()
                        .filter(level -> !"appealVeto".equals(level.get("level")))
                        .map(level -> Duration.parse((String) level.get("time")))
                        .reduce(Duration.ZERO, Duration::plus))
                .isLessThanOrEqualTo(Duration.ofHours(2));
    }

    @ParameterizedTest
    @CsvSource({"true, 1", "false, 0"})
    @Tag("M4.6")
    void privacy_has_a_seat_where_personal_data_is_touched(boolean personalData, int seats) throws IOException {
        assertThat(seats("standard", "standard", false, personalData, false, false, false))
                .filteredOn(seat -> "privacy".equals(seat.get("role")) && "required".equals(seat.get("flag")))
                .hasSize(seats);
    }

    @ParameterizedTest
    @Tag("M8.3")
    @CsvSource({
        "false, false, false, 0",
        "true,  false, false, 1",
        "false, true,  false, 1",
        "false, false, true,  1",
        "true,  true,  true,  1",
    })
    void the_owner_of_a_shared_platform_has_one_seat_where_the_release_touches_it(
            boolean infrastructure, boolean apiContract, boolean needsPlatform, int seats) throws IOException {
        assertThat(seats("standard", "critical", true, true, infrastructure, apiContract, needsPlatform))
                .hasSize(seats)
                .allMatch(seat -> "platform-owner".equals(seat.get("role")) && "$owner".equals(seat.get("group")));
    }

    @ParameterizedTest
    @CsvSource({"critical, 5", "high, 4", "standard, 3", "something new, 3"})
    void the_quorum_grows_with_the_tier(String tier, int persons) throws IOException {
        assertThat(ask("quorum", Map.of("kind", "standard", "tier", tier)))
                .singleElement()
                .isEqualTo(Map.of("persons", persons));
    }

    @ParameterizedTest
    @CsvSource({
        "critical, production",
        "high, production",
        "standard, production",
        "critical, sandbox",
        "standard, sandbox"
    })
    void an_escalation_has_three_levels_the_last_alone_and_an_appeal(String tier, String target) throws IOException {
        var levels = ask("escalation", Map.of("tier", tier, "target", target, "kind", "standard"));
        assertThat(levels)
                .extracting(level -> level.get("level"))
                .containsExactly("stateFacts", "decideJointly", "decideAsExecutive", "appealVeto");
        assertThat(levels)
                .extracting(level -> level.get("mode"))
                .containsExactly("FACTS", "JOINTLY", "ALONE", "AUTHORITY");
        assertThat(levels)
                .allMatch(level -> Duration.parse((String) level.get("time")).compareTo(Duration.ofDays(1)) <= 0);
    }

    private List<Map<String, Object>> seats(
            String kind,
            String tier,
            boolean sharedPlatform,
            boolean personalData,
            boolean infrastructure,
            boolean apiContract,
            boolean platformRelease)
            throws IOException {
        return ask(
                "required-seats",
                Map.of(
                        "kind", kind,
                        "tier", tier,
                        "sharedPlatform", sharedPlatform,
                        "personalData", personalData,
                        "infrastructure", infrastructure,
                        "apiContract", apiContract,
                        "platformRelease", platformRelease));
    }

    private List<Map<String, Object>> ask(String table, Map<String, Object> facts) throws IOException {
        try (InputStream file = Files.newInputStream(Path.of("processes", table + ".dmn"))) {
            return engine.evaluateDecision(engine.parseDecision(table, file), Variables.fromMap(facts))
                    .getResultList();
        }
    }
}
