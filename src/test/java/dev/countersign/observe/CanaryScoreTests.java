package dev.countersign.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M3.4")
class CanaryScoreTests {
    private static final Path OWN = Path.of("src/test/resources/canary");
    private static final Path SAMPLES =
            Path.of(System.getProperty("samples", "../shared/samples")).resolve("canary_judge");
    private static final CanaryRule RULE = new CanaryRule(
            "checkout.json", "sha256:0123456789abcdef", Map.of("errors", 75.0, "system", 25.0), 95, 50, null);

    private static CanaryScore.Metric metric(String name, Classification as, boolean muted, String... groups) {
        return new CanaryScore.Metric(name, as.word(), false, muted, List.of(groups));
    }

    @Test
    void every_vector_gives_its_score() throws IOException {
        ScoreSamples.check(OWN.resolve("score-vectors.json"), JsonNodeFactory.instance.textNode("inside"));
    }

    @Test
    void what_stands_beside_the_project_gives_what_its_manifest_says() throws IOException {
        assumeTrue(Files.isDirectory(SAMPLES), "The folder " + SAMPLES + " is not there");
        ScoreSamples.check(SAMPLES.resolve("scorer_vectors.json"), JsonNodeFactory.instance.textNode("inside"));
        JsonNode expected = new JsonMapper()
                .readTree(
                        """
                        {"metrics": ["cpu"], "muted": [], "groupWeights": {"system": 100.0},
                         "scoreThresholds": {"pass": 95.0, "marginal": 75.0}}""");
        ScoreSamples.check(SAMPLES.resolve("prometheus_canary_config.json"), expected);
    }

    @Test
    void the_sentence_has_value_limit_groups_and_the_version_of_the_file() {
        CanaryScore score = CanaryScore.of(
                RULE,
                List.of(
                        metric("a", Classification.PASS, false, "errors"),
                        metric("b", Classification.HIGH, false, "system")));
        assertThat(score.isUnderPass()).isTrue();
        assertThat(score.isUnderMarginal()).isFalse();
        assertThat(score.limit()).isEqualTo(95);
        assertThat(score.sentence())
                .isEqualTo(
                        "canary score 75 of 100 is under 95, pass: errors 100 (1 of 1 pass, weight 75), system 0 (0 of 1 pass, weight 25) (checkout.json sha256:0123456789ab)");
    }

    @Test
    void under_marginal_names_both_limits_and_the_lower_one_counts() {
        CanaryScore score = CanaryScore.of(
                RULE,
                List.of(
                        metric("a", Classification.LOW, false, "errors"),
                        metric("b", Classification.PASS, false, "system")));
        assertThat(score.value()).isEqualTo(25);
        assertThat(score.isUnderMarginal()).isTrue();
        assertThat(score.limit()).isEqualTo(50);
        assertThat(score.sentence()).contains("is under 50, marginal, and under 95, pass");
    }

    @Test
    void what_is_muted_is_shown_and_counts_nothing() {
        CanaryScore score = CanaryScore.of(
                RULE,
                List.of(
                        metric("a", Classification.PASS, false, "errors"),
                        metric("b", Classification.PASS, false, "system"),
                        metric("c", Classification.HIGH, true, "system")));
        assertThat(score.value()).isEqualTo(100);
        assertThat(score.sample()).isEqualTo(2);
        assertThat(score.metrics()).hasSize(3);
    }

    @Test
    void without_any_metric_there_is_no_score_to_pass() {
        assertThat(CanaryScore.of(RULE, List.of()).value()).isZero();
    }

    @Test
    void a_classification_that_nobody_knows_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Classification.of("Great"));
    }
}
