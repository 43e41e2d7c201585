package dev.countersign.learning.leadtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.learning.leadtime.Change.Commit;
import dev.countersign.learning.leadtime.Change.Remark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the lead time of a change goes, and which deployment brought it. */
@Tag("M7.5")
class LeadTimeTests {
    private static final Path BESIDE = Path.of(System.getProperty("samples", "../shared/samples"), "dora");
    private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");

    static Stream<Map<String, String>> vectors() {
        return LeadTimeSamples.rows(Path.of("src/test/resources/samples/lead-time/vectors.csv")).stream();
    }

    private static Instant time(String text) {
        return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
    }

    private static String minutes(Duration part) {
        return Objects.toString(Parts.minutes(part), "");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void each_part_is_known_or_it_is_not_and_never_negative(Map<String, String> row) {
        Parts parts = new Moments(
                        time(row.get("first_commit")),
                        time(row.get("created")),
                        time(row.get("first_review")),
                        time(row.get("merged")),
                        time(row.get("deployed")))
                .parts();
        assertThat(List.of(
                        minutes(parts.coding()),
                        minutes(parts.pickup()),
                        minutes(parts.review()),
                        minutes(parts.deploy()),
                        minutes(parts.cycle())))
                .as(row.get("what"))
                .containsExactly(
                        row.get("coding"), row.get("pickup"), row.get("review"), row.get("deploy"), row.get("cycle"));
    }

    @Test
    void the_tables_of_another_tool_give_the_rows_that_it_computes() throws Exception {
        assumeTrue(Files.isDirectory(BESIDE), "-Dsamples=… names the folder of sample documents");
        List<String> lines = Files.readAllLines(BESIDE.resolve("MANIFEST.tsv"));
        int column = List.of(lines.get(0).split("\t")).indexOf("expected");
        ObjectMapper json = new ObjectMapper();
        int checked = 0;
        for (String line : lines) {
            String[] cells = line.split("\t");
            if (cells[0].startsWith("change_lead_time/")) {
                JsonNode expected = cells[column].startsWith("{")
                        ? json.readTree(cells[column])
                        : json.getNodeFactory().textNode(cells[column]);
                LeadTimeSamples.check(BESIDE.resolve(cells[0]), expected);
                checked++;
            }
        }
        assertThat(checked).isEqualTo(7);
    }

    /** Ten thousand changes in any order of their moments, some of them missing. */
    @Test
    void parts_that_are_all_known_add_up_to_the_cycle_and_none_that_stands_in_it_is_longer() {
        Random random = new Random(275);
        int complete = 0;
        for (int round = 0; round < 10_000; round++) {
            Moments moments = new Moments(any(random), sure(random), any(random), sure(random), any(random));
            Moments merged = moments.merged().isBefore(moments.created())
                    ? new Moments(
                            moments.firstCommit(),
                            moments.merged(),
                            moments.reviewed(),
                            moments.created(),
                            moments.deployed())
                    : moments;
            Parts parts = merged.parts();
            List<Duration> four = Stream.of(parts.coding(), parts.pickup(), parts.review(), parts.deploy())
                    .filter(Objects::nonNull)
                    .toList();
            assertThat(four).noneMatch(Duration::isNegative);
            assertThat(parts.cycle()).isGreaterThanOrEqualTo(Duration.between(merged.created(), merged.merged()));
            assertThat(Stream.of(parts.coding(), parts.deploy()).filter(Objects::nonNull))
                    .allSatisfy(part -> assertThat(part).isLessThanOrEqualTo(parts.cycle()));
            if (four.size() == 4) {
                complete++;
                assertThat(four.stream().reduce(Duration.ZERO, Duration::plus)).isEqualTo(parts.cycle());
            }
        }
        assertThat(complete).isGreaterThan(20);
    }

    private static Instant sure(Random random) {
        return START.plusSeconds(random.nextInt(1_000));
    }

    private static Instant any(Random random) {
        return random.nextInt(5) == 0 ? null : sure(random);
    }

    private static Change merged(String mergeCommit, Remark... remarks) {
        return new Change(
                "1",
                "1",
                "acme/checkout",
                "ada",
                START,
                START.plusSeconds(600),
                mergeCommit,
                null,
                List.of(new Commit("c2", START.minusSeconds(60)), new Commit("c1", START.minusSeconds(120))),
                List.of(remarks));
    }

    private static Deployment deployed(String id, String scope, boolean production, boolean success, long after) {
        return new Deployment(
                id,
                scope,
                "acme/checkout",
                production ? "production" : "staging",
                production,
                success,
                id,
                START.plusSeconds(after));
    }

    @Test
    void the_first_review_is_the_first_word_of_somebody_else() {
        Remark own = new Remark("1", "ada", START.plusSeconds(1));
        Remark nobodys = new Remark("2", null, START.plusSeconds(2));
        Remark later = new Remark("3", "grace", START.plusSeconds(9));
        Remark first = new Remark("4", "edsger", START.plusSeconds(5));
        assertThat(merged("m", own, nobodys, later, first).firstReview()).contains(first);
        assertThat(merged("m", own, nobodys).firstReview()).isEmpty();
        assertThat(merged("m").firstCommit()).map(Commit::sha).contains("c1");
    }

    @Test
    void a_change_belongs_to_the_first_successful_deployment_into_production_that_holds_its_merge() {
        List<Deployment> all = List.of(
                deployed("d5", "shop", true, true, 5_000),
                deployed("d1", "shop", true, true, 1_000),
                deployed("staged", "shop", false, true, 2_000),
                deployed("staged-before", "shop", false, true, 500),
                deployed("failed", "shop", true, false, 3_000),
                deployed("other", "admin", true, true, 3_500),
                deployed("d4", "shop", true, true, 4_000));
        Deployments deployments = new Deployments(all, (earlier, later) -> switch (earlier + ".." + later) {
            // A part of what came later was there before already, on another branch.
            case "d1..d4", "d4..d5", "staged-before..staged", "d1..failed", "d1..other" -> Set.of("m");
            default -> Set.of();
        });
        assertThat(deployments.thatBrought(merged("m"))).map(Deployment::id).contains("d4");
        assertThat(deployments.thatBrought(merged("n"))).isEmpty();
        assertThat(deployments.thatBrought(merged(null))).isEmpty();
        assertThat(deployments.previous(all.get(1))).isEmpty();
    }

    @Test
    void what_nothing_precedes_brings_no_change_although_it_holds_it() {
        Deployments deployments =
                new Deployments(List.of(deployed("d1", "shop", true, true, 1_000)), (earlier, later) -> Set.of("m"));
        assertThat(deployments.thatBrought(merged("m"))).isEmpty();
    }

    @Test
    void what_is_not_merged_is_not_measured() {
        Change open = new Change("1", "1", "acme/checkout", "ada", START, null, null, null, List.of(), List.of());
        assertThat(LeadTime.of(List.of(open), new Deployments(List.of(), (earlier, later) -> Set.of())))
                .isEmpty();
    }

    @Test
    void the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        assertThat(LeadTimeParts.Figure.of(List.of())).isEqualTo(new LeadTimeParts.Figure(null, 0));
        assertThat(LeadTimeParts.Figure.of(List.of(Duration.ofHours(9), Duration.ofHours(1), Duration.ofHours(2))))
                .isEqualTo(new LeadTimeParts.Figure(Duration.ofHours(2), 3));
        assertThat(LeadTimeParts.Figure.of(List.of(Duration.ofHours(9), Duration.ofHours(1))))
                .isEqualTo(new LeadTimeParts.Figure(Duration.ofHours(5), 2));
    }
}
