package dev.countersign.evidence.migration;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.IntegrityChecks;
import dev.countersign.catalog.IntegrityChecks.Check;
import dev.countersign.evidence.DataAfterwards;
import dev.countersign.evidence.Evidence.DatabaseBroken;
import dev.countersign.evidence.PlatformEvidence;
import dev.countersign.evidence.migration.BaselineStore.Baseline;
import dev.countersign.evidence.migration.CheckOutcome.Result;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.identity.Actors;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/**
 * Checks a service's databases right before a candidate is deployed that migrates them, and once it runs. What could not be checked is an exception, so that
 * it is tried again and then a matter for a person; it never counts as intact.
 */
@Service
class MigrationChecks implements DataAfterwards {
    static final String BEFORE = "before";
    static final String AFTER = "after";

    private final Releases releases;
    private final Catalog catalog;
    private final TargetDatabases databases;
    private final BaselineStore baselines;
    private final CheckDocument documents;
    private final PlatformEvidence evidence;
    private final Timeline timeline;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    MigrationChecks(
            Releases releases,
            Catalog catalog,
            TargetDatabases databases,
            BaselineStore baselines,
            CheckDocument documents,
            PlatformEvidence evidence,
            Timeline timeline,
            ApplicationEventPublisher events,
            Clock clock) {
        this.releases = releases;
        this.catalog = catalog;
        this.databases = databases;
        this.baselines = baselines;
        this.documents = documents;
        this.evidence = evidence;
        this.timeline = timeline;
        this.events = events;
        this.clock = clock;
    }

    static boolean migrates(Release release) {
        return Boolean.TRUE.equals(release.changes().get("databaseMigration"));
    }

    /**
     * Takes down what the databases hold, once: what was taken down before an earlier deployment of the same release stays.
     *
     * @throws IOException where a check could not be measured
     * @throws DatabaseUnready where one failed
     */
    void before(String releaseKey) throws IOException {
        Release release = releases.get(releaseKey);
        if (!migrates(release)) {
            return;
        }
        List<String> known =
                baselines.of(releaseKey).stream().map(Baseline::checks).toList();
        List<String> faults = new ArrayList<>();
        boolean failed = false;
        for (IntegrityChecks checks : catalog.integrityChecksOf(release.service())) {
            if (known.contains(checks.name())) {
                continue;
            }
            Map<String, Measured> measured = databases.measure(checks, of(checks, Check::before));
            List<CheckOutcome> outcomes = of(checks, Check::before).stream()
                    .map(check -> CheckOutcome.before(check, measured.get(check.id())))
                    .toList();
            String document = keep(release, checks, BEFORE, outcomes);
            if (CheckDocument.faults(outcomes).isEmpty()) {
                baselines.keep(releaseKey, new Baseline(checks.name(), checks.digest(), values(outcomes)), document);
            }
            faults.addAll(CheckDocument.faults(outcomes));
            failed |= has(outcomes, Result.FAILED);
        }
        if (failed) {
            throw new DatabaseUnready(String.join("; ", faults));
        }
        requireMeasured(faults);
    }

    /**
     * Holds what the databases hold now against what is expected, and what they held before.
     *
     * @return false where a check failed: the release must go
     * @throws IOException where a check could not be measured, and none failed
     */
    boolean after(String releaseKey) throws IOException {
        Release release = releases.get(releaseKey);
        List<String> failed = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        Map<IntegrityChecks, Map<String, String>> before = measuredBefore(release);
        for (Map.Entry<IntegrityChecks, Map<String, String>> entry : before.entrySet()) {
            IntegrityChecks checks = entry.getKey();
            Map<String, Measured> measured = databases.measure(checks, of(checks, Check::after));
            List<CheckOutcome> outcomes = of(checks, Check::after).stream()
                    .map(check -> CheckOutcome.after(check, entry.getValue().get(check.id()), measured.get(check.id())))
                    .toList();
            keep(release, checks, AFTER, outcomes);
            faults.addAll(CheckDocument.faults(outcomes));
            failed.addAll(CheckDocument.faults(outcomes.stream()
                    .filter(outcome -> outcome.result() == Result.FAILED)
                    .toList()));
        }
        if (!failed.isEmpty()) {
            events.publishEvent(new DatabaseBroken(
                    releaseKey, "Integrity checks failed after the migration: " + String.join("; ", failed)));
            return false;
        }
        requireMeasured(faults);
        return true;
    }

    /** What is meant for both times only: what is asked after a migration need not be there when it was taken back. */
    @Override
    public Outcome afterRollback(String releaseKey, Duration within) throws IOException {
        Release release = releases.get(releaseKey);
        if (!migrates(release)) {
            return new Outcome(0, List.of(), List.of());
        }
        Instant end = clock.instant().plus(within);
        int measured = 0;
        List<CheckOutcome> off = new ArrayList<>();
        for (Baseline baseline : baselines.of(releaseKey)) {
            IntegrityChecks checks = declared(baseline);
            List<Check> both = of(checks, check -> check.before() && check.after());
            Map<String, Measured> now = databases.measure(checks, both, left(end));
            List<CheckOutcome> outcomes = both.stream()
                    .map(check -> CheckOutcome.after(check, baseline.values().get(check.id()), now.get(check.id())))
                    .toList();
            requireMeasured(CheckDocument.faults(outcomes.stream()
                    .filter(outcome -> outcome.result() == Result.ERROR)
                    .toList()));
            keep(release, checks, AFTER, "rollback", outcomes);
            measured += outcomes.size();
            outcomes.stream()
                    .filter(outcome -> outcome.result() == Result.FAILED)
                    .forEach(off::add);
        }
        return new Outcome(measured, faults(off, true), faults(off, false));
    }

    private Duration left(Instant end) throws IOException {
        Duration left = Duration.between(clock.instant(), end);
        if (left.isNegative() || left.isZero()) {
            throw new IOException("Integrity checks could not be measured: no time is left for them");
        }
        return left;
    }

    /** @param fixed whether the declaration itself says what must be */
    private static List<String> faults(List<CheckOutcome> outcomes, boolean fixed) {
        return CheckDocument.faults(outcomes.stream()
                .filter(outcome -> (CheckOutcome.expected(outcome.check()) != null) == fixed)
                .toList());
    }

    private IntegrityChecks declared(Baseline baseline) {
        return catalog.integrityChecks(baseline.digest())
                .orElseThrow(() ->
                        new IllegalStateException("The declaration " + baseline.digest() + " is not kept any more"));
    }

    private static void requireMeasured(List<String> faults) throws IOException {
        if (!faults.isEmpty()) {
            throw new IOException("Integrity checks could not be measured: " + String.join("; ", faults));
        }
    }

    /** By the declarations that were measured before; what is declared since, or was never measured, has no values and cannot pass by them. */
    private Map<IntegrityChecks, Map<String, String>> measuredBefore(Release release) {
        Map<IntegrityChecks, Map<String, String>> before = new java.util.LinkedHashMap<>();
        List<String> known = new ArrayList<>();
        for (Baseline baseline : baselines.of(release.key())) {
            known.add(baseline.checks());
            before.put(declared(baseline), baseline.values());
        }
        if (migrates(release)) {
            catalog.integrityChecksOf(release.service()).stream()
                    .filter(checks -> !known.contains(checks.name()))
                    .forEach(checks -> before.put(checks, Map.of()));
        }
        return before;
    }

    private String keep(Release release, IntegrityChecks checks, String phase, List<CheckOutcome> outcomes)
            throws IOException {
        return keep(release, checks, phase, "deployment", outcomes);
    }

    /** @param of what it is before or after: {@code deployment} or {@code rollback} */
    private String keep(Release release, IntegrityChecks checks, String phase, String of, List<CheckOutcome> outcomes)
            throws IOException {
        byte[] document = documents.of(release, checks, phase, clock.instant(), outcomes);
        String sha256 = evidence.keep(
                release.key(), DocumentType.MIGRATION_CHECK, "%s %s %s".formatted(checks.name(), phase, of), document);
        List<String> faults = CheckDocument.faults(outcomes);
        timeline.record(
                release.key(),
                "migration.checked-" + phase,
                Actors.PLATFORM,
                "Database %s %s the %s: %d checks, %s"
                        .formatted(
                                checks.database(),
                                phase,
                                of,
                                outcomes.size(),
                                faults.isEmpty() ? "none failed" : String.join("; ", faults)),
                Map.of("document", sha256, "declaration", checks.digest()));
        return sha256;
    }

    private static List<Check> of(IntegrityChecks checks, Predicate<Check> phase) {
        return checks.checks().stream().filter(phase).toList();
    }

    private static Map<String, String> values(List<CheckOutcome> outcomes) {
        Map<String, String> values = new HashMap<>();
        outcomes.forEach(outcome -> values.put(outcome.check().id(), outcome.before()));
        return values;
    }

    private static boolean has(List<CheckOutcome> outcomes, Result result) {
        return outcomes.stream().anyMatch(outcome -> outcome.result() == result);
    }
}
