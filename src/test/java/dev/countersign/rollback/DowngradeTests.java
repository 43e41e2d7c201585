package dev.countersign.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.contains;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.evidence.RollbackScripts;
import dev.countersign.evidence.RollbackScripts.Procedure;
import dev.countersign.evidence.RollbackScripts.RollbackScript;
import dev.countersign.evidence.WaysBack;
import dev.countersign.evidence.WaysBack.Script;
import dev.countersign.evidence.WaysBack.WayBack;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.rollback.DowngradeStore.Decided;
import dev.countersign.rollout.Deployer;
import dev.countersign.rollout.OneTarget;
import dev.countersign.rollout.TrafficRouter;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.Decisions;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.camunda.bpm.dmn.engine.DmnDecision;
import org.camunda.bpm.dmn.engine.DmnEngine;
import org.camunda.bpm.dmn.engine.DmnEngineConfiguration;
import org.camunda.bpm.engine.variable.Variables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When a database is taken down, by the delivered table, and what the target is asked to run. */
@Tag("M6.2")
class DowngradeTests {
    private static final String KEY = "checkout@2.0.0";
    private static final String DIGEST = "sha256:" + "c".repeat(64);
    private static final Instant DECIDED = Instant.parse("2026-11-24T20:00:00Z");
    private static final DmnEngine ENGINE =
            DmnEngineConfiguration.createDefaultDmnEngineConfiguration().buildEngine();
    private static final DmnDecision TABLE = table();

    private final Releases releases = mock(Releases.class);
    private final Release release = mock(Release.class);
    private final Catalog catalog = mock(Catalog.class);
    private final WaysBack ways = mock(WaysBack.class);
    private final RollbackScripts scripts = mock(RollbackScripts.class);
    private final DowngradeStore store = mock(DowngradeStore.class);
    private final People people = mock(People.class);
    private final Timeline timeline = mock(Timeline.class);
    private final Site site = new Site();
    private boolean knows = true;
    private Map<String, Object> ruled;
    private final Decisions decisions = new Decisions() {
        @Override
        public Answered ask(String policy, String decision, Map<String, Object> facts) {
            if (ruled != null) {
                return new Answered(decision, decision + " 1.0", List.of(ruled));
            }
            var rows = ENGINE.evaluateDecision(TABLE, Variables.fromMap(facts)).getResultList().stream()
                    .<Map<String, Object>>map(HashMap::new)
                    .toList();
            return new Answered(decision, decision + " 1.0", rows);
        }

        @Override
        public boolean knows(String policy, String decision) {
            return knows;
        }
    };
    private final Downgrade downgrade = new Downgrade(
            releases,
            catalog,
            decisions,
            ways,
            scripts,
            OneTarget.of(site, mock(TrafficRouter.class)),
            store,
            people,
            timeline,
            Clock.fixed(DECIDED.plusSeconds(60), ZoneOffset.UTC));

    private static DmnDecision table() {
        try (InputStream table = Files.newInputStream(Path.of("processes/rollback-downgrade.dmn"))) {
            return ENGINE.parseDecision("rollback-downgrade", table);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What it was told to run, and what it says that stands there. */
    private static final class Site implements Deployer {
        private final List<ScriptRun> ran = new ArrayList<>();
        private StagedScript staged = new StagedScript(DIGEST, true);
        private String candidate;

        @Override
        public String name() {
            return "site";
        }

        @Override
        public boolean serves(String service) {
            return true;
        }

        @Override
        public void deployCandidate(String service, String version, String digest) {
            throw new UnsupportedOperationException("A way back deploys no candidate");
        }

        @Override
        public Optional<String> candidateDigest(String service) {
            return Optional.ofNullable(candidate);
        }

        @Override
        public Optional<String> stableDigest(String service) {
            return Optional.of("sha256:old");
        }

        @Override
        public void promote(String service, String digest) {
            throw new UnsupportedOperationException("A way back promotes nothing");
        }

        @Override
        public void withdrawCandidate(String service) {
            throw new UnsupportedOperationException("The candidate is gone before");
        }

        @Override
        public Optional<StagedScript> script(String service, String path) {
            return Optional.ofNullable(staged);
        }

        @Override
        public void runScript(String service, ScriptRun run) {
            ran.add(run);
        }
    }

    @BeforeEach
    void aRehearsedWayBack() {
        when(releases.get(KEY)).thenReturn(release);
        when(release.policy()).thenReturn("p");
        when(release.tier()).thenReturn("critical");
        when(release.changes()).thenReturn(Map.of("databaseMigration", true));
        when(release.authors()).thenReturn(List.of("developer"));
        target("production");
        way(List.of(), true);
        when(scripts.of(KEY))
                .thenReturn(Optional.of(new RollbackScript(
                        "rollback.sh", DIGEST, new Procedure("way.md", DIGEST), "team", "ci", Instant.EPOCH, null)));
        when(store.find(KEY)).thenReturn(Optional.empty());
        groups("operations", "operations");
        groups("developer", "operations", "developers");
    }

    private void target(String target) {
        Service service = mock(Service.class);
        when(service.target()).thenReturn(target);
        when(catalog.service("checkout")).thenReturn(Optional.of(service));
    }

    private void way(List<String> irreversible, boolean rehearsed) {
        when(ways.of(KEY))
                .thenReturn(Optional.of(new WayBack(
                        "sha256:all", List.of(new Script("U2__x.sql", "sha256:u2")), irreversible, rehearsed)));
    }

    private static Decided agreed(String person) {
        return new Decided(true, person, Set.of("operations", "head-of-operations"), DECIDED);
    }

    private void groups(String person, String... groups) {
        when(people.find(person)).thenReturn(Optional.of(new Person(person, person, null, Set.of(groups))));
    }

    private static Descent descent(long drill) {
        return new Descent(
                KEY,
                drill,
                drill == 0 ? "checkout" : "checkout@staging",
                "sha256:new",
                "sha256:old",
                0.05,
                Instant.EPOCH,
                Instant.EPOCH);
    }

    @Test
    void in_production_it_is_the_last_rung_and_a_person_is_asked_once() {
        assertThat(downgrade.afterProof(descent(0)))
                .as("users are well: what they wrote stays")
                .isEqualTo(NextRung.PROVEN);
        assertThat(downgrade.afterFailure(descent(0))).isEqualTo(NextRung.ASK);
        when(store.find(KEY)).thenReturn(Optional.of(agreed("operations")));
        assertThat(downgrade.afterFailure(descent(0))).isEqualTo(NextRung.DOWNGRADE);
        when(store.find(KEY)).thenReturn(Optional.of(new Decided(false, "operations", Set.of("operations"), DECIDED)));
        assertThat(downgrade.afterFailure(descent(0))).isEqualTo(NextRung.HANDS);
    }

    @Test
    @Tag("M2.6")
    void in_staging_and_on_the_sample_target_it_is_always_gone() {
        assertThat(downgrade.afterProof(descent(7))).isEqualTo(NextRung.DOWNGRADE);
        target("sandbox");
        assertThat(downgrade.afterProof(descent(0))).isEqualTo(NextRung.DOWNGRADE);
    }

    @Test
    void no_way_that_was_not_gone_before_is_gone_now() {
        way(List.of("V3__drop.sql"), true);
        hands("there is no way back from V3__drop.sql");
        way(List.of(), false);
        hands("has not been rehearsed with success");
        when(ways.of(KEY)).thenReturn(Optional.empty());
        hands("no way back from its migration is registered");
        way(List.of(), true);
        when(scripts.of(KEY)).thenReturn(Optional.empty());
        hands("no script of the way back is registered");
    }

    @Test
    void no_database_of_production_is_taken_down_that_nobody_agreed_on_wherever_the_process_stands()
            throws IOException {
        refused("Nobody has agreed");
        when(store.find(KEY)).thenReturn(Optional.of(new Decided(false, "operations", Set.of("operations"), DECIDED)));
        refused("Nobody has agreed");
        when(store.find(KEY)).thenReturn(Optional.of(agreed("developer")));
        refused("developer wrote " + KEY);
        when(store.find(KEY)).thenReturn(Optional.of(agreed("operations")));
        knows = false;
        refused("No rule has the database");
        knows = true;
        ruled = Map.of("when", "never", "by", "platform");
        refused("No rule has the database");
        ruled = null;
        downgrade.run(descent(0));
        assertThat(site.ran).hasSize(1);

        when(store.find(KEY)).thenReturn(Optional.empty());
        target("sandbox");
        downgrade.run(descent(0));
        assertThat(site.ran).as("there the table says that nobody is asked").hasSize(2);
    }

    @Test
    @Tag("M2.6")
    void a_drill_whose_database_cannot_be_taken_down_has_not_shown_the_way_back() {
        way(List.of(), false);
        assertThat(downgrade.afterProof(descent(7))).isEqualTo(NextRung.HANDS);
        target("sandbox");
        assertThat(downgrade.afterProof(descent(0)))
                .as("no drill: users are safe, and the data stays")
                .isEqualTo(NextRung.PROVEN);
        way(List.of(), true);
        ruled = Map.of("when", "always", "by", "person");
        assertThat(downgrade.afterProof(descent(7)))
                .as("nobody is asked in a drill")
                .isEqualTo(NextRung.HANDS);
    }

    @Test
    void whoever_has_left_the_group_that_was_asked_has_no_database_taken_down_any_more() throws IOException {
        when(store.find(KEY)).thenReturn(Optional.of(agreed("operations")));
        groups("operations", "sre");
        refused("is in none of the groups any more that may: head-of-operations, operations");
        when(people.find("operations")).thenReturn(Optional.empty());
        refused("is in none of the groups any more");
        when(store.find(KEY)).thenReturn(Optional.of(new Decided(true, "operations", null, DECIDED)));
        refused("is in none of the groups any more");
        groups("operations", "head-of-operations");
        downgrade.run(descent(0));
        assertThat(site.ran).hasSize(1);
    }

    /** Whose roles stand in a token only: nothing here tells whether they still do. */
    @Test
    void whoever_came_with_a_token_is_believed_as_long_as_a_token_counts() throws IOException {
        Instant old = DECIDED.minus(Duration.ofHours(1));
        when(store.find(KEY)).thenReturn(Optional.of(new Decided(true, "jo", Set.of(), old)));
        refused("with a token whose time is over");
        when(store.find(KEY)).thenReturn(Optional.of(new Decided(true, "jo", Set.of(), DECIDED)));
        downgrade.run(descent(0));
        assertThat(site.ran).hasSize(1);
    }

    @Test
    void an_agreement_that_does_not_count_any_more_is_asked_for_again() {
        when(store.find(KEY)).thenReturn(Optional.of(agreed("operations")));
        groups("operations", "sre");
        assertThat(downgrade.afterFailure(descent(0))).isEqualTo(NextRung.ASK);
        Instant old = DECIDED.minus(Duration.ofHours(1));
        when(store.find(KEY)).thenReturn(Optional.of(new Decided(true, "jo", Set.of(), old)));
        assertThat(downgrade.afterFailure(descent(0))).isEqualTo(NextRung.ASK);
        when(store.find(KEY)).thenReturn(Optional.of(agreed("developer")));
        assertThat(downgrade.afterFailure(descent(0))).as("who wrote it since").isEqualTo(NextRung.ASK);
        when(store.find(KEY)).thenReturn(Optional.of(new Decided(true, "jo", Set.of(), DECIDED)));
        assertThat(downgrade.afterFailure(descent(0))).isEqualTo(NextRung.DOWNGRADE);
    }

    private void refused(String because) {
        assertThatThrownBy(() -> downgrade.run(descent(0)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(because);
        assertThat(site.ran).isEmpty();
    }

    private void hands(String because) {
        assertThat(downgrade.afterFailure(descent(0))).isEqualTo(NextRung.HANDS);
        verify(timeline).record(eq(KEY), eq("rollback.database-stays"), any(), contains(because), any());
        when(store.find(KEY)).thenReturn(Optional.of(agreed("operations")));
        assertThatThrownBy(() -> downgrade.run(descent(0)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(because);
        assertThat(site.ran).isEmpty();
    }

    @Test
    void a_release_that_migrates_nothing_or_knows_no_table_takes_nothing_down() {
        knows = false;
        assertThat(downgrade.afterProof(descent(0))).isEqualTo(NextRung.PROVEN);
        assertThat(downgrade.afterFailure(descent(0))).isEqualTo(NextRung.HANDS);
        knows = true;
        when(release.changes()).thenReturn(Map.of("databaseMigration", false));
        assertThat(downgrade.afterProof(descent(7))).isEqualTo(NextRung.PROVEN);
        assertThat(downgrade.afterFailure(descent(0))).isEqualTo(NextRung.HANDS);
    }

    @Test
    void the_target_runs_what_was_rehearsed_when_it_stands_ready_and_the_candidate_is_gone() throws IOException {
        when(store.find(KEY)).thenReturn(Optional.of(agreed("operations")));
        site.candidate = "sha256:new";
        assertThatThrownBy(() -> downgrade.run(descent(0))).hasMessageContaining("candidate still runs");
        site.candidate = null;
        site.staged = new Deployer.StagedScript("sha256:other", true);
        assertThatThrownBy(() -> downgrade.run(descent(0))).hasMessageContaining("at rollback.sh stands sha256:other");
        site.staged = new Deployer.StagedScript(DIGEST, false);
        assertThatThrownBy(() -> downgrade.run(descent(0))).hasMessageContaining("cannot run");
        site.staged = null;
        assertThatThrownBy(() -> downgrade.run(descent(0))).hasMessageContaining("nothing stands ready");
        assertThat(site.ran).isEmpty();

        site.staged = new Deployer.StagedScript(DIGEST, true);
        assertThat(downgrade.run(descent(0))).contains("rollback.sh", DIGEST, "1 scripts");
        downgrade.run(descent(7));
        assertThat(site.ran)
                .containsExactly(
                        new Deployer.ScriptRun(
                                KEY, "rollback.sh", DIGEST, List.of(new Deployer.ScriptFile("U2__x.sql", "sha256:u2"))),
                        new Deployer.ScriptRun(
                                KEY + "/drill/7",
                                "rollback.sh",
                                DIGEST,
                                List.of(new Deployer.ScriptFile("U2__x.sql", "sha256:u2"))));
    }

    @Test
    void whoever_wrote_the_release_does_not_have_its_data_taken_down() {
        var task = new DecideOnDowngrade(
                releases, mock(), mock(RollbackStore.class), ways, scripts, store, people, timeline);
        OpenTask open = new OpenTask(
                "1",
                "decideOnDowngrade",
                "rollback-ladder",
                "2",
                KEY,
                "Decide",
                null,
                Set.of("operations"),
                Set.of(),
                name -> null);
        Map<String, Object> down = Map.of("choice", "down", "reason", "orders are wrong");
        assertThatThrownBy(() -> task.complete(open, new Answer("developer", down)))
                .isInstanceOf(TaskRefused.class);
        assertThat(task.complete(open, new Answer("operations", down))).containsEntry("downgradeAgreed", true);
        verify(store).decide(KEY, true, "operations", Set.of("operations"), "orders are wrong");
        assertThat(task.complete(open, new Answer("developer", Map.of("choice", "keep", "reason", "no"))))
                .containsEntry("downgradeAgreed", false);
    }
}
