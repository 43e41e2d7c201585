package dev.countersign.evidence;

import dev.countersign.api.Problem;
import dev.countersign.evidence.Asking.Heard;
import dev.countersign.evidence.EvidenceSource.Asked;
import dev.countersign.evidence.EvidenceSource.Fetched;
import dev.countersign.evidence.EvidenceSources.Outcome;
import dev.countersign.evidence.EvidenceSources.Standing;
import dev.countersign.evidence.reader.Words;
import dev.countersign.identity.Actors;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Takes in what a system has, and writes down how it answered: in transactions of their own, since a step that asked may be rolled back and repeated. */
@Component
class FetchRecord {
    private final EvidenceIntake intake;
    private final FetchStore store;
    private final Releases releases;
    private final ObjectProvider<EvidenceJudge> judges;
    private final Timeline timeline;
    private final TransactionTemplate own;
    private final Clock clock;

    FetchRecord(
            EvidenceIntake intake,
            FetchStore store,
            Releases releases,
            ObjectProvider<EvidenceJudge> judges,
            Timeline timeline,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.intake = intake;
        this.store = store;
        this.releases = releases;
        this.judges = judges;
        this.timeline = timeline;
        this.own = new TransactionTemplate(transactions);
        this.own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.clock = clock;
    }

    private record Taken(List<String> documents, int fresh, List<String> refused) {}

    void keep(Asked asked, EvidenceSource source, Heard heard) {
        String releaseKey = asked.release().key();
        List<Fetched> documents =
                heard.answer() == null ? List.of() : heard.answer().documents();
        Set<String> types = source.types(asked);
        Taken taken = take(releaseKey, source, types, documents);
        String reason = reason(heard, taken);
        Outcome outcome = heard.answer() == null || !taken.refused().isEmpty()
                ? Outcome.FAILED
                : documents.isEmpty() ? Outcome.NOTHING : Outcome.ARRIVED;
        own.executeWithoutResult(status -> {
            releases.lock(releaseKey);
            Instant now = clock.instant();
            int idle = taken.fresh() > 0
                    ? 0
                    : store.of(releaseKey).stream()
                                    .filter(row -> row.standing().source().equals(source.name()))
                                    .mapToInt(FetchStore.Row::idle)
                                    .sum()
                            + 1;
            store.keep(
                    releaseKey,
                    new FetchStore.Row(
                            new Standing(source.name(), outcome, reason, now, outcome == Outcome.FAILED ? null : now),
                            documents.stream().anyMatch(Fetched::live),
                            idle));
            tell(releaseKey, source, outcome, reason, taken);
            judges.forEach(judge -> judge.asked(releaseKey, types));
        });
    }

    private Taken take(String releaseKey, EvidenceSource source, Set<String> types, List<Fetched> documents) {
        List<String> received = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        int fresh = 0;
        for (Fetched one : documents) {
            if (!types.contains(one.type())) {
                refused.add("it brought a document of type " + Words.of(one.type()) + ", which it does not serve");
                continue;
            }
            try {
                var receipt = Objects.requireNonNull(own.execute(status -> take(releaseKey, source, one)));
                received.add(receipt.document().sha256());
                fresh += receipt.known() ? 0 : 1;
            } catch (Problem refusal) {
                refused.add("%s is refused: %s".formatted(Words.of(one.part()), Words.of(refusal.getMessage())));
            } catch (UnreadableAnswer broken) {
                refused.add("%s cannot be read: %s".formatted(Words.of(one.part()), Words.of(broken.getMessage())));
            }
        }
        return new Taken(received, fresh, refused);
    }

    private EvidenceRecord.Receipt take(String releaseKey, EvidenceSource source, Fetched one) {
        try {
            return intake.fetched(releaseKey, source.name(), one);
        } catch (IOException broken) {
            throw new UnreadableAnswer(broken);
        }
    }

    private static final class UnreadableAnswer extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnreadableAnswer(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private static String reason(Heard heard, Taken taken) {
        if (heard.answer() == null) {
            return Words.of(heard.failure().getMessage());
        }
        return taken.refused().isEmpty()
                ? heard.answer().missing() == null
                        ? null
                        : Words.of(heard.answer().missing())
                : String.join("; ", taken.refused());
    }

    private void tell(String releaseKey, EvidenceSource source, Outcome outcome, String reason, Taken taken) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("source", source.name());
        detail.put("outcome", outcome);
        detail.put("documents", taken.documents());
        detail.put("new", taken.fresh());
        detail.put("reason", reason);
        String what =
                switch (outcome) {
                    case ARRIVED ->
                        "%s was asked for evidence: %d documents, %d of them new%s"
                                .formatted(
                                        source.name(),
                                        taken.documents().size(),
                                        taken.fresh(),
                                        reason == null ? "" : "; " + reason);
                    case NOTHING ->
                        "%s was asked for evidence and has none%s"
                                .formatted(source.name(), reason == null ? "" : ": " + reason);
                    case FAILED -> "%s was asked for evidence in vain: %s".formatted(source.name(), reason);
                };
        timeline.record(
                releaseKey,
                outcome == Outcome.FAILED ? "evidence.fetch-failed" : "evidence.fetched",
                Actors.PLATFORM,
                what,
                detail);
    }
}
