package dev.countersign.learning.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.incident.AttributedIncidents.AttributedIncident;
import dev.countersign.learning.delivery.Deployment.Reported;
import dev.countersign.learning.delivery.Deployment.WayBack;
import dev.countersign.learning.delivery.DeploymentStore.Hotfix;
import dev.countersign.learning.delivery.Judged.Failure;
import dev.countersign.learning.delivery.Judged.Recovery;
import dev.countersign.release.ReleaseState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M7.5")
class JudgedTests {
    private static final Instant NOON = Instant.parse("2021-06-01T12:00:00Z");

    @Test
    void an_incident_that_a_person_attributed_says_itself_when_it_was_over() {
        var judged = new Judged(release("a", 0, null), List.of(), List.of(incident(10, 40), incident(20, 90)));
        assertThat(judged.failures()).containsExactly(Failure.INCIDENT);
        assertThat(judged.timeToRecovery()).isEqualTo(Duration.ofMinutes(90));
        assertThat(judged.timeFromTrouble()).isEqualTo(Duration.ofMinutes(80));
    }

    @Test
    void one_open_incident_keeps_a_rolled_back_deployment_open() {
        var wayBack = new WayBack(at(5), at(6), at(9), true);
        var judged = new Judged(release("a", 0, wayBack), List.of(), List.of(incident(10, 40), incident(20, null)));
        assertThat(judged.recovery()).isEqualTo(Recovery.OPEN);
        assertThat(judged.timeToRecovery()).isNull();
    }

    @Test
    void traffic_that_went_back_recovers_nothing_until_the_rollback_is_proven() {
        assertThat(new Judged(release("a", 0, new WayBack(at(5), at(6), null, true)), List.of(), List.of()).recovery())
                .isEqualTo(Recovery.OPEN);
        assertThat(new Judged(release("a", 0, new WayBack(at(5), at(6), at(9), true)), List.of(), List.of())
                        .timeToRecovery())
                .isEqualTo(Duration.ofMinutes(6));
    }

    @Test
    void a_failure_past_the_platform_counts_and_its_recovery_is_not_recorded() {
        var judged = new Judged(reported("r", 0, "FAILURE"), List.of(), List.of());
        assertThat(judged.failures()).containsExactly(Failure.REPORTED);
        assertThat(judged.recovery()).isEqualTo(Recovery.NOT_RECORDED);
        assertThat(new Judged(reported("r", 0, "SUCCESS"), List.of(), List.of()).failed())
                .isFalse();
    }

    @Test
    void a_hotfix_follows_a_change_past_the_platform_that_came_last_and_not_one_that_failed() {
        Deployment before = release("a", 0, null);
        Deployment past = reported("r", 10, "SUCCESS");
        Deployment hotfix = hotfix("h", 20, null);
        assertThat(remedies(List.of(before, past), hotfix, 0).of(past)).containsExactly(hotfix);
        assertThat(remedies(List.of(before, reported("r", 10, "FAILURE")), hotfix, 0)
                        .of(before))
                .containsExactly(hotfix);
    }

    @Test
    void the_number_of_an_attributed_incident_names_its_release() {
        Deployment named = release("a", 0, null);
        Deployment last = release("b", 10, null);
        Deployment hotfix = hotfix("h", 20, "Answers PD-17, at last.");
        Remedies remedies =
                Remedies.of(List.of(named, last), List.of(new Hotfix(hotfix, at(10))), Map.of("PD-17", named.key()));
        assertThat(remedies.of(named)).containsExactly(hotfix);
        assertThat(remedies.of(last)).isEmpty();
    }

    /** Whatever befell them: no rate over 1, every deployment is behind a figure once, and failed ones are recovered, open or not recorded. */
    @Test
    void figures_add_up_to_the_deployments_behind_them() {
        var chance = new Random(75);
        for (int round = 0; round < 300; round++) {
            List<Judged> all = new ArrayList<>();
            for (int i = chance.nextInt(12); i > 0; i--) {
                all.add(random(i, chance));
            }
            for (Figure figure : Figure.values()) {
                List<Judged> behind = figure.behind(all);
                assertThat(behind).doesNotHaveDuplicates().hasSize((int) figure.denominator(all));
                assertThat(behind.stream().filter(figure::counts)).hasSize((int) figure.numerator(all));
                assertThat(figure.numerator(all)).isLessThanOrEqualTo(figure.denominator(all));
            }
            assertThat(all.stream().filter(Judged::failed))
                    .allMatch(one -> !one.failures().isEmpty() && one.recovery() != null);
            assertThat(all.stream().filter(one -> one.timeToRecovery() != null))
                    .hasSize((int) Figure.FAILED_DEPLOYMENT_RECOVERY_TIME.numerator(all));
        }
    }

    private static Judged random(int number, Random chance) {
        WayBack wayBack = chance.nextBoolean()
                ? null
                : new WayBack(at(5), at(6), chance.nextBoolean() ? at(9) : null, chance.nextBoolean());
        Deployment deployment = chance.nextInt(4) == 0
                ? reported("r" + number, number, chance.nextBoolean() ? "FAILURE" : "SUCCESS")
                : release("a" + number, number, wayBack);
        return new Judged(
                deployment,
                chance.nextInt(3) == 0 ? List.of(hotfix("h" + number, 90, "INC-1")) : List.of(),
                chance.nextInt(3) == 0 ? List.of(incident(20, chance.nextBoolean() ? 50 : null)) : List.of());
    }

    private static Remedies remedies(List<Deployment> deployed, Deployment hotfix, int before) {
        return Remedies.of(deployed, List.of(new Hotfix(hotfix, at(before))), Map.of());
    }

    private static Instant at(int minute) {
        return NOON.plusSeconds(60L * minute);
    }

    private static Deployment release(String key, int minute, WayBack wayBack) {
        return new Deployment(
                key, "shop", "standard", ReleaseState.STABLE, at(minute), null, null, null, wayBack, null);
    }

    private static Deployment hotfix(String key, int minute, String fixes) {
        return new Deployment(
                key, "shop", "hotfix", ReleaseState.STABLE, at(minute), at(minute + 30), null, fixes, null, null);
    }

    private static Deployment reported(String id, int minute, String result) {
        return new Deployment(
                id,
                "shop",
                null,
                null,
                at(minute),
                null,
                null,
                null,
                null,
                new Reported("github", "production", "6dcb", result, null));
    }

    private static AttributedIncident incident(int began, Integer resolved) {
        return new AttributedIncident(
                "1",
                "a",
                "pagerduty",
                "PD-17",
                "Carts are lost",
                at(began),
                resolved == null ? null : at(resolved),
                null);
    }
}
