package dev.countersign.rollback;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.evidence.RollbackScripts;
import dev.countersign.evidence.RollbackScripts.RollbackScript;
import dev.countersign.evidence.WaysBack;
import dev.countersign.evidence.WaysBack.WayBack;
import dev.countersign.identity.Actors;
import dev.countersign.identity.People;
import dev.countersign.identity.Role;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.rollback.DowngradeStore.Decided;
import dev.countersign.rollout.Deployer;
import dev.countersign.rollout.Deployer.ScriptFile;
import dev.countersign.rollout.Deployer.ScriptRun;
import dev.countersign.rollout.Staging;
import dev.countersign.rollout.Targets;
import dev.countersign.workflow.Decisions;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * The last rung: the database is taken down. It may lose what was written since the migration. So only a way back runs that was registered before anybody decided, was
 * rehearsed on a database that is not the target, and stands ready at the target with the digest that was registered; and in production a person has agreed.
 */
@Component
class Downgrade {
    private static final String TABLE = "rollback-downgrade";

    /** Issuers' tokens are not valid for longer. */
    private static final Duration TOKEN = Duration.ofHours(1);

    /** Where a decision does not tell who was asked. */
    private static final Set<String> ASKED = Set.of(Role.OPERATIONS.id(), Role.HEAD_OF_OPERATIONS.id());

    private final Releases releases;
    private final Catalog catalog;
    private final Decisions decisions;
    private final WaysBack ways;
    private final RollbackScripts scripts;
    private final Targets targets;
    private final DowngradeStore store;
    private final People people;
    private final Timeline timeline;
    private final Clock clock;

    Downgrade(
            Releases releases,
            Catalog catalog,
            Decisions decisions,
            WaysBack ways,
            RollbackScripts scripts,
            Targets targets,
            DowngradeStore store,
            People people,
            Timeline timeline,
            Clock clock) {
        this.releases = releases;
        this.catalog = catalog;
        this.decisions = decisions;
        this.ways = ways;
        this.scripts = scripts;
        this.targets = targets;
        this.store = store;
        this.people = people;
        this.timeline = timeline;
        this.clock = clock;
    }

    /** Whether a release that is taken back goes this way even where users are well. */
    NextRung afterProof(Descent descent) {
        if (!migrates(descent)) {
            return NextRung.PROVEN;
        }
        Map<String, Object> row = row(descent);
        if (!"always".equals(row.get("when"))) {
            return NextRung.PROVEN;
        }
        NextRung rung = by(descent, row);
        // In production users are safe. A drill was to show that this can be gone, and has not.
        return rung == NextRung.HANDS && !descent.isDrill() ? NextRung.PROVEN : rung;
    }

    /** Where the other rungs did not suffice. */
    NextRung afterFailure(Descent descent) {
        if (!migrates(descent)) {
            return NextRung.HANDS;
        }
        Map<String, Object> row = row(descent);
        return "never".equals(row.getOrDefault("when", "never")) ? NextRung.HANDS : by(descent, row);
    }

    private NextRung by(Descent descent, Map<String, Object> row) {
        Optional<String> obstacle = obstacle(descent.releaseKey());
        if (obstacle.isPresent()) {
            timeline.record(
                    descent.releaseKey(),
                    descent.isDrill() ? "drill.database-stays" : "rollback.database-stays",
                    Actors.PLATFORM,
                    "The database stays as it is: " + obstacle.get(),
                    Map.of());
            return NextRung.HANDS;
        }
        if ("platform".equals(row.get("by"))) {
            return NextRung.DOWNGRADE;
        }
        return descent.isDrill()
                ? NextRung.HANDS
                : store.find(descent.releaseKey())
                        .map(answer -> after(descent.releaseKey(), answer))
                        .orElse(NextRung.ASK);
    }

    /** Whoever was asked once is not asked again, unless what they agreed to is worth nothing any more. */
    private NextRung after(String key, Decided answer) {
        if (!answer.agreed()) {
            return NextRung.HANDS;
        }
        return lapsed(key, answer).isPresent() ? NextRung.ASK : NextRung.DOWNGRADE;
    }

    private boolean migrates(Descent descent) {
        return Boolean.TRUE.equals(releases.get(descent.releaseKey()).changes().get("databaseMigration"));
    }

    /** A release that began before there was such a table takes no database down. */
    private Map<String, Object> row(Descent descent) {
        Release release = releases.get(descent.releaseKey());
        if (!decisions.knows(release.policy(), TABLE)) {
            return Map.of();
        }
        String target = descent.isDrill()
                ? Staging.ENVIRONMENT
                : catalog.service(descent.service()).map(Service::target).orElse("production");
        return decisions
                .ask(release.policy(), TABLE, Map.of("tier", release.tier(), "target", target))
                .single();
    }

    /** Why there is no way that may be gone, in words; empty where there is one. */
    Optional<String> obstacle(String releaseKey) {
        Optional<WayBack> way = ways.of(releaseKey);
        if (way.isEmpty()
                || way.get().down().isEmpty() && way.get().irreversible().isEmpty()) {
            return Optional.of("no way back from its migration is registered");
        }
        if (!way.get().irreversible().isEmpty()) {
            return Optional.of(
                    "there is no way back from " + String.join(", ", way.get().irreversible()));
        }
        if (!way.get().rehearsed()) {
            return Optional.of("the way back has not been rehearsed with success");
        }
        return scripts.of(releaseKey).isPresent()
                ? Optional.empty()
                : Optional.of("no script of the way back is registered for the target");
    }

    /** What ran, in a sentence. */
    String run(Descent descent) throws IOException {
        String key = descent.releaseKey();
        if (!descent.isDrill()) {
            requireAgreed(descent);
        }
        Optional<String> obstacle = obstacle(key);
        if (obstacle.isPresent()) {
            throw new IOException(obstacle.get());
        }
        RollbackScript script = scripts.of(key).orElseThrow();
        WayBack way = ways.of(key).orElseThrow();
        Deployer deployer = targets.deployerOf(descent.place());
        Optional<String> candidate = deployer.candidateDigest(descent.place());
        if (candidate.isPresent() && !candidate.get().equals(descent.baseline())) {
            throw new IOException("The candidate still runs: its database is not taken away under it");
        }
        ReadyScript.require(deployer, descent.place(), script);
        deployer.runScript(
                descent.place(),
                new ScriptRun(
                        descent.id(),
                        script.path(),
                        script.digest(),
                        way.down().stream()
                                .map(file -> new ScriptFile(file.name(), file.digest()))
                                .toList()));
        return "The target ran %s (%s), %d scripts of the migration back"
                .formatted(script.path(), script.digest(), way.down().size());
    }

    /** The model asks first; that it did is not taken from where a process stands. */
    private void requireAgreed(Descent descent) throws IOException {
        String key = descent.releaseKey();
        Map<String, Object> row = row(descent);
        Object when = row.get("when");
        if (when == null || "never".equals(when)) {
            throw new IOException("No rule has the database of %s taken down".formatted(key));
        }
        if ("platform".equals(row.get("by"))) {
            return;
        }
        Decided decided = store.find(key)
                .filter(Decided::agreed)
                .orElseThrow(() ->
                        new IOException("Nobody has agreed that the database of %s is taken down".formatted(key)));
        Optional<String> lapsed = lapsed(key, decided);
        if (lapsed.isPresent()) {
            throw new IOException(lapsed.get());
        }
    }

    /** Why an agreement does not count any more: minutes may lie between an answer and what it allows, and days where the ladder is climbed again. */
    private Optional<String> lapsed(String key, Decided decided) {
        Set<String> asked = decided.askedGroups() == null ? ASKED : decided.askedGroups();
        if (asked.isEmpty()) {
            // A token bore the role, and nothing here tells of it later: it counts as long as a token does.
            return clock.instant().isAfter(decided.at().plus(TOKEN))
                    ? Optional.of(
                            "%s agreed at %s that the database of %s is taken down, with a token whose time is over: nothing says any more that they may"
                                    .formatted(decided.by(), decided.at(), key))
                    : byAuthor(key, decided);
        }
        boolean entitled = people.find(decided.by())
                .filter(person -> person.groups().stream().anyMatch(asked::contains))
                .isPresent();
        return entitled
                ? byAuthor(key, decided)
                : Optional.of(
                        "%s agreed that the database of %s is taken down, and is in none of the groups any more that may: %s"
                                .formatted(
                                        decided.by(),
                                        key,
                                        String.join(
                                                ", ", asked.stream().sorted().toList())));
    }

    private Optional<String> byAuthor(String key, Decided decided) {
        return releases.get(key).authors().contains(decided.by())
                ? Optional.of(
                        "%s wrote %s, and agreed alone that its database is taken down".formatted(decided.by(), key))
                : Optional.empty();
    }
}
