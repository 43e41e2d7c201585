package dev.countersign.evidence.migration;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.IntegrityChecks;
import dev.countersign.catalog.IntegrityChecks.Check;
import dev.countersign.evidence.EvidenceSource;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.migration.CheckOutcome.Result;
import dev.countersign.evidence.reader.DocumentType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Tells before anybody decides whether a service's integrity checks can be measured and hold now. Values that are only taken down are left out: they change
 * all the time, and what people decided on would change with them.
 */
@Component
class PreCheckSource implements EvidenceSource {
    private final Catalog catalog;
    private final TargetDatabases databases;
    private final CheckDocument documents;

    PreCheckSource(Catalog catalog, TargetDatabases databases, CheckDocument documents) {
        this.catalog = catalog;
        this.databases = databases;
        this.documents = documents;
    }

    @Override
    public String name() {
        return "integrity-checks";
    }

    @Override
    public Set<String> types(Asked asked) {
        return MigrationChecks.migrates(asked.release()) && !declared(asked).isEmpty()
                ? Set.of(DocumentType.MIGRATION_CHECK.id())
                : Set.of();
    }

    private List<IntegrityChecks> declared(Asked asked) {
        return catalog.integrityChecksOf(asked.release().service());
    }

    @Override
    public Answer fetch(Asked asked, Duration within) throws SourceUnavailable {
        List<Fetched> fetched = new ArrayList<>();
        for (IntegrityChecks checks : declared(asked)) {
            List<Check> now = checks.checks().stream().filter(Check::before).toList();
            Map<String, Measured> measured = databases.measure(checks, now);
            List<CheckOutcome> outcomes = now.stream()
                    .map(check -> CheckOutcome.before(check, measured.get(check.id())))
                    .map(PreCheckSource::withoutValue)
                    .toList();
            fetched.add(Fetched.state(
                            DocumentType.MIGRATION_CHECK.id(),
                            checks.name(),
                            documents.of(asked.release(), checks, MigrationChecks.BEFORE, null, outcomes),
                            null)
                    .in(asked.release().environment()));
        }
        return Answer.of(fetched);
    }

    private static CheckOutcome withoutValue(CheckOutcome outcome) {
        return outcome.result() == Result.MEASURED || outcome.result() == Result.PASSED
                ? new CheckOutcome(outcome.check(), null, null, outcome.result(), null)
                : outcome;
    }
}
