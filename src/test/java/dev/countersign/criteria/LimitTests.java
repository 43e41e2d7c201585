package dev.countersign.criteria;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M1.3")
class LimitTests {
    @ParameterizedTest
    @CsvSource({
        ">= 99.5 %, 0.995, true",
        ">= 99.5 %, 0.99499, false",
        "≥99.5%, 1, true",
        "<= 200 ms, 200, true",
        "<= 200 ms, 200.01, false",
        "≤ 0.05, 0.05, true",
        ">= 0.031, 0.0309, false"
    })
    void a_limit_holds_up_to_its_edge(String text, double measured, boolean holds) {
        assertThat(Limit.parse(text).orElseThrow().holds(measured)).isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PASS", "99.5 %", "> 5", ">= five", ">= 5 apples", ">= -1", ">= 1e3"})
    void anything_else_is_no_limit(String text) {
        assertThat(Limit.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0.995, >= 99.5 %", "1, >= 100 %", "0.99999, >= 99.999 %", "0.05, >= 5 %"})
    void a_ratio_is_written_as_per_cent(double ratio, String text) {
        assertThat(Limit.atLeast(ratio)).isEqualTo(text);
    }
}
