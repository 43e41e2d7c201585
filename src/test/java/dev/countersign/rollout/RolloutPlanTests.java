package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.countersign.observe.Observations.Triggers;
import dev.countersign.rollout.RolloutPlan.Exposure;
import dev.countersign.rollout.RolloutPlan.Promotion;
import dev.countersign.rollout.RolloutPlan.Step;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M3.2")
class RolloutPlanTests {
    /** @param steps letters: traffic or flag, each a tenth more than the one before */
    private static RolloutPlan plan(String steps) {
        return new RolloutPlan(
                IntStream.rangeClosed(1, steps.length())
                        .mapToObj(number -> new Step(
                                number,
                                number / 10.0,
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(5),
                                Promotion.AUTOMATIC,
                                steps.charAt(number - 1) == 't' ? Exposure.TRAFFIC : Exposure.FLAG))
                        .toList(),
                Duration.ofMinutes(1),
                Duration.ofMinutes(5),
                new Triggers(0.05, Duration.ofMinutes(5), 100, 200, Duration.ofMinutes(1), 2, 3, "1.0"),
                "rollout-plan 1.0");
    }

    @ParameterizedTest
    @CsvSource({
        "tt, false, true",
        "tt, true, true",
        "ff, true, true",
        "ttff, true, true",
        "ff, false, false",
        "tft, true, false"
    })
    void a_plan_ramps_only_a_flag_that_is_named_and_moves_no_traffic_under_it(
            String steps, boolean flagged, boolean possible) {
        RolloutPlan plan = plan(steps);
        if (possible) {
            assertThat(plan.possibleFor(flagged)).isEqualTo(plan);
        } else {
            assertThatThrownBy(() -> plan.possibleFor(flagged)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void a_flag_stands_on_the_traffic_of_the_last_step_before_it() {
        assertThat(plan("ttff").trafficAt(4)).contains(0.2);
        assertThat(plan("ttff").trafficAt(1)).contains(0.1);
        assertThat(plan("ff").trafficAt(2)).isEmpty();
        assertThat(plan("ff").isByFlagAlone()).isTrue();
        assertThat(plan("tf").isByFlagAlone()).isFalse();
        assertThat(plan("tt").isByFlag()).isFalse();
    }

    @Test
    void a_plan_that_was_frozen_before_there_were_flags_moves_traffic() throws Exception {
        JsonMapper json = JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        Step frozen = json.readValue(
                "{\"number\": 1, \"share\": 0.1, \"window\": \"PT1M\", \"maximum\": \"PT5M\"}", Step.class);
        assertThat(frozen.exposure()).isEqualTo(Exposure.TRAFFIC);
        assertThat(json.readValue(json.writeValueAsString(plan("tf").step(2)), Step.class)
                        .isByFlag())
                .isTrue();
    }

    @Test
    void a_word_that_nobody_knows_exposes_nobody() {
        assertThat(Exposure.of(null)).isEqualTo(Exposure.TRAFFIC);
        assertThat(Exposure.of("flag")).isEqualTo(Exposure.FLAG);
        assertThatThrownBy(() -> Exposure.of("both")).isInstanceOf(IllegalStateException.class);
    }
}
