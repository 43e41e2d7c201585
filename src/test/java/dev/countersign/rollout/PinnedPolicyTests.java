package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.DatabaseTest;
import dev.countersign.Engine.Hands;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Slo;
import dev.countersign.observe.Observations.Triggers;
import dev.countersign.release.Dossiers;
import dev.countersign.release.OpenRelease;
import dev.countersign.release.PinnedPolicy;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseOpening;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.PolicyChanges;
import dev.countersign.workflow.PolicyChanges.Change;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.camunda.bpm.engine.TaskService;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** Objectives are lowered, with every approval, while a release is under way. */
@DatabaseTest
@TestPropertySource(properties = {"countersign.workflow.watch=100ms", "countersign.catalog.check-every=100ms"})
@Tag("M1.1")
@Tag("M7.3")
@Tag("alone")
class PinnedPolicyTests {
    private static final Path FOLDER = copy(Path.of("src/main/resources/sample/catalog"));
    private static final Duration SOON = Duration.ofSeconds(30);

    @Autowired
    private ReleaseOpening opening;

    @Autowired
    private PinnedPolicy pinned;

    @Autowired
    private Catalog catalog;

    @Autowired
    private PolicyChanges changes;

    @Autowired
    private TaskService tasks;

    @Autowired
    private RolloutStore store;

    @Autowired
    private Stabilisation stabilisation;

    @Autowired
    private Dossiers dossiers;

    @Autowired
    private Timeline timeline;

    @Autowired
    private JdbcTemplate database;

    @Autowired
    private Hands hands;

    @DynamicPropertySource
    static void folder(DynamicPropertyRegistry properties) {
        properties.add("countersign.catalog.folder", FOLDER::toString);
    }

    @Test
    @DisplayName(
            "a release is judged by the objectives that it was opened with, the next one by those approved meanwhile")
    void lowered() throws Exception {
        Release running = open("7.0.0");
        assertThat(targetOf(running)).isEqualTo(0.995);

        Path objectives = FOLDER.resolve("slo/checkout.yaml");
        String strict = Files.readString(objectives);
        assertThat(strict).contains("target: 0.995");
        Files.writeString(objectives, strict.replace("target: 0.995", "target: 0.9"));
        approve();

        Release next = open("7.0.1");
        assertThat(targetOf(running)).isEqualTo(0.995);
        assertThat(targetOf(next)).isEqualTo(0.9);
        assertThat(judgedBy(running)).contains("0.995").doesNotContain("0.9,");
        assertThat(judgedBy(next)).contains("0.9,").doesNotContain("0.995");
        assertThat(timeline.of(running.key()).get(0).detail().get("pinned").toString())
                .contains(digestOf(running))
                .doesNotContain(digestOf(next));
    }

    private void approve() throws Exception {
        Change change = await().atMost(SOON)
                .until(
                        () -> changes.open().stream()
                                .filter(open -> open.source().equals("objectives"))
                                .toList(),
                        found -> found.size() == 1)
                .get(0);
        answer(change, "submitPolicyChange", "process-owner", Map.of("choice", "submit", "why", "We never reach it"));
        answer(
                change,
                "approvePolicyChange",
                "compliance",
                Map.of("choice", "approve", "dossier", change.digest(), "reason", ""));
        hands.settle();
        await().atMost(SOON).until(() -> catalog.slosOf("checkout").stream().anyMatch(slo -> slo.target() == 0.9));
    }

    private void answer(Change change, String task, String person, Map<String, Object> answer) throws Exception {
        hands.as(person, () -> {
            tasks.complete(
                    tasks.createTaskQuery()
                            .processInstanceBusinessKey(PolicyChanges.keyOf(change.id()))
                            .taskDefinitionKey(task)
                            .singleResult()
                            .getId(),
                    answer);
            return null;
        });
    }

    private double targetOf(Release release) {
        return availability(release).target();
    }

    private String digestOf(Release release) {
        return availability(release).digest();
    }

    private Slo availability(Release release) {
        return pinned.objectivesOf(release).stream()
                .filter(slo -> slo.name().equals("checkout-availability"))
                .findFirst()
                .orElseThrow();
    }

    /** Begins the stabilisation; the objectives that it was given. */
    private String judgedBy(Release release) {
        var plan = new RolloutPlan(
                List.of(RolloutPlan.Step.automatic(1, 1, Duration.ofMinutes(1), Duration.ofMinutes(5))),
                Duration.ofMinutes(1),
                Duration.ofMinutes(5),
                new Triggers(0.05, Duration.ofMinutes(5), 100, 200, Duration.ofMinutes(1), 2, 3, "1.0"),
                "1.0");
        store.begin(release.key(), release.service(), "sha256:" + "a".repeat(64), "sha256:" + "b".repeat(64), plan);
        store.finish(release.key(), Rollouts.Status.COMPLETE);
        database.update(
                "insert into release_clearance (release_key, material_digest, granted_at) values (?, ?, current_timestamp)",
                release.key(),
                dossiers.of(release.key()).digest());
        stabilisation.begin(release.key());
        store.freeSlot(release.key());
        return database.queryForObject(
                "select objectives from observation where release_key = ?", String.class, release.key());
    }

    private Release open(String version) throws Exception {
        return hands.as(
                "ci",
                () -> opening.open(new OpenRelease(
                        "checkout",
                        version,
                        "standard",
                        "One-page checkout",
                        "production",
                        "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                        null,
                        List.of("developer"),
                        List.of(new Release.Artifact("registry.example/checkout", "sha256:" + "a".repeat(64))),
                        Map.of(),
                        null,
                        List.of(),
                        null,
                        List.of())));
    }

    private static Path copy(Path from) {
        try (Stream<Path> files = Files.walk(from)) {
            Path to = Files.createTempDirectory("catalog");
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.write(target, Files.readAllBytes(file));
            }
            return to;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
