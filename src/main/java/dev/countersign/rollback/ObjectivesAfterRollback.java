package dev.countersign.rollback;

import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.MetricsSource.Tally;
import dev.countersign.observe.ObjectiveStanding;
import dev.countersign.rollback.Unproven.What;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * The objectives of a service that was rolled back: by their own queries where the source asks them, else by requests. One that the stable version missed before
 * the rollout began says nothing of the rollback and would keep it from ever ending: it is told, and does not block. One that it missed beside the candidate blocks.
 */
@Component
class ObjectivesAfterRollback {
    private final StableBefore before;

    ObjectivesAfterRollback(StableBefore before) {
        this.before = before;
    }

    /**
     * @param measured requests to the stable version since {@code from}
     * @param source of its metrics; null where there is none
     */
    record Look(
            Descent descent, MetricsSource source, Instant from, Instant now, List<Sample> measured, InTime inTime) {
        private boolean asks() {
            return !descent.isDrill() && source != null && source.asksObjectives();
        }
    }

    /** Before each call. */
    interface InTime {
        void check() throws IOException;
    }

    /** In a sentence. */
    String prove(List<Slo> objectives, Look look) throws IOException {
        Descent descent = look.descent();
        if (objectives.isEmpty()) {
            // It can never be shown and never mended by hand: users are safe, and the rollback must come to an end.
            return "%s has no objectives to prove".formatted(descent.place());
        }
        // Queries speak of production: in staging only what requests tell can be looked at.
        List<Slo> left = descent.isDrill()
                ? objectives.stream().filter(ObjectiveStanding::needsQueries).toList()
                : List.of();
        Map<Slo, ObjectiveStanding> standings =
                standings(objectives.stream().filter(slo -> !left.contains(slo)).toList(), look);
        Map<Slo, ObjectiveStanding> missed = new LinkedHashMap<>(standings);
        missed.values().removeIf(standing -> !standing.isMeasured() || standing.holds());
        List<String> known = missed.isEmpty() ? List.of() : before.missed(missed, look);
        List<String> sentences = new ArrayList<>();
        for (Map.Entry<Slo, ObjectiveStanding> each : standings.entrySet()) {
            ObjectiveStanding standing = each.getValue();
            if (!standing.isMeasured()) {
                throw new IOException(
                        "The objective %s cannot be measured: %s".formatted(standing.name(), standing.sentence()));
            }
            boolean asBefore = known.contains(standing.name());
            if (!standing.holds() && !asBefore) {
                throw new Unproven(
                        What.HEALTH,
                        "The objective %s does not hold: %s%s"
                                .formatted(standing.name(), standing.sentence(), beside(each.getKey(), descent)));
            }
            sentences.add(standing.sentence() + (standing.holds() ? "" : ", missed before the release as well"));
        }
        left.forEach(slo -> sentences.add(slo.name() + " left out: its queries speak of production"));
        return (known.isEmpty() ? "Objectives hold: " : "Objectives are held as before the release: ")
                + String.join(", ", sentences);
    }

    /** In words, where requests tell that it was so beside the candidate too. */
    private String beside(Slo slo, Descent descent) {
        ObjectiveStanding then =
                ObjectiveStanding.of(List.of(slo), before.beside(descent)).get(0);
        return then.isMeasured() && !then.holds()
                ? "; %s beside the candidate, which excuses nothing".formatted(then.sentence())
                : "";
    }

    /** In the order of the objectives. */
    private Map<Slo, ObjectiveStanding> standings(List<Slo> objectives, Look look) throws IOException {
        List<Slo> asked = look.asks()
                ? objectives.stream().filter(ObjectiveStanding::isAsked).toList()
                : List.of();
        Map<Slo, ObjectiveStanding> own = asked(asked, look);
        Map<Slo, ObjectiveStanding> standings = new LinkedHashMap<>();
        for (Slo slo : objectives) {
            standings.put(
                    slo,
                    own.containsKey(slo)
                            ? own.get(slo)
                            : ObjectiveStanding.of(List.of(slo), look.measured())
                                    .get(0));
        }
        return standings;
    }

    /** What tells no versions apart is counted from when traffic was back: before that it counted the candidate too. */
    private Map<Slo, ObjectiveStanding> asked(List<Slo> asked, Look look) throws IOException {
        Map<Slo, ObjectiveStanding> own = over(asked, look, look.from(), look.now());
        List<Slo> wholes = asked.stream().filter(slo -> own.get(slo).whole()).toList();
        if (!wholes.isEmpty()) {
            Optional<Instant> back = before.trafficBackAt(look.descent());
            if (back.isPresent() && back.get().isAfter(look.from())) {
                own.putAll(over(wholes, look, back.get(), look.now()));
            }
        }
        return own;
    }

    static Map<Slo, ObjectiveStanding> over(List<Slo> asked, Look look, Instant from, Instant to) throws IOException {
        Map<Slo, ObjectiveStanding> own = new LinkedHashMap<>();
        if (asked.isEmpty()) {
            return own;
        }
        look.inTime().check();
        Map<String, Tally> tallies = look.source().objectivesOver(look.descent().place(), asked, from, to).stream()
                .collect(Collectors.toMap(Tally::slo, tally -> tally, (one, other) -> one));
        for (Slo slo : asked) {
            Tally tally = tallies.get(slo.name());
            if (tally == null) {
                throw new IOException("The source does not tell how " + slo.name() + " is held");
            }
            own.put(slo, ObjectiveStanding.of(slo, tally, look.descent().baseline()));
        }
        return own;
    }
}
