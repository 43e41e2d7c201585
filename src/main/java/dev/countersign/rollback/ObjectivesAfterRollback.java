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

        /** From when the service's own queries are asked: what they count may be scraped once in an interval of theirs. */
        private Instant objectivesFrom() {
            Instant own =
                    now.minus(source.objectivesInterval()).minus(source.pace().delay());
            return own.isBefore(from) ? own : from;
        }

        /** Whether nothing can have been counted since then. */
        private boolean isTooSoon(Instant since) {
            MetricsSource.Pace pace = source.pace();
            return since.plus(pace.interval()).plus(pace.delay()).isAfter(now);
        }

        private boolean errsTooMuch() {
            return StableBefore.rateOf(measured) > descent.maxErrorRate();
        }
    }

    /** @param early those of which nothing was counted yet since traffic was back */
    private record Standings(Map<Slo, ObjectiveStanding> known, List<Slo> early) {}

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
        Standings standings =
                standings(objectives.stream().filter(slo -> !left.contains(slo)).toList(), look);
        Map<Slo, ObjectiveStanding> missed = new LinkedHashMap<>(standings.known());
        missed.values().removeIf(standing -> !standing.isMeasured() || standing.holds());
        List<String> known = missed.isEmpty() ? List.of() : before.missed(missed, look);
        List<String> sentences = new ArrayList<>();
        for (Map.Entry<Slo, ObjectiveStanding> each : standings.known().entrySet()) {
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
        for (Slo slo : standings.early()) {
            sentences.add(early(slo, look));
        }
        left.forEach(slo -> sentences.add(slo.name() + " left out: its queries speak of production"));
        String held = known.isEmpty() ? "Objectives hold" : "Objectives are held as before the release";
        return held
                + (standings.early().isEmpty() ? ": " : " as far as they are measured: ")
                + String.join(", ", sentences);
    }

    /** It need not be waited for where requests show that the stable version is well: what was counted before that is the candidate's too. */
    private static String early(Slo slo, Look look) throws IOException {
        if (look.measured().isEmpty() || look.errsTooMuch()) {
            throw new IOException(
                    "The objective %s cannot be measured yet since traffic was back".formatted(slo.name()));
        }
        return slo.name() + " not measured yet since traffic was back";
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
    private Standings standings(List<Slo> objectives, Look look) throws IOException {
        List<Slo> asked = look.asks()
                ? objectives.stream().filter(ObjectiveStanding::isAsked).toList()
                : List.of();
        Standings own = asked(asked, look);
        Map<Slo, ObjectiveStanding> known = new LinkedHashMap<>();
        List<Slo> early = new ArrayList<>();
        for (Slo slo : objectives) {
            if (own.early().contains(slo)) {
                if (ObjectiveStanding.needsQueries(slo)) {
                    early.add(slo);
                } else {
                    known.put(
                            slo,
                            ObjectiveStanding.byRequests(
                                    slo,
                                    look.measured(),
                                    "its own queries have counted nothing since traffic was back"));
                }
            } else {
                known.put(
                        slo,
                        own.known().containsKey(slo)
                                ? own.known().get(slo)
                                : ObjectiveStanding.of(List.of(slo), look.measured())
                                        .get(0));
            }
        }
        return new Standings(known, early);
    }

    /**
     * What tells no versions apart is counted from when traffic was back: before that it counted the candidate too. So is what was missed over a time of which a part was
     * before.
     */
    private Standings asked(List<Slo> asked, Look look) throws IOException {
        if (asked.isEmpty()) {
            return new Standings(Map.of(), List.of());
        }
        Map<Slo, ObjectiveStanding> own = over(asked, look, look.objectivesFrom(), look.now(), look.measured());
        Instant back = before.trafficBackAt(look.descent()).orElse(Instant.MIN);
        List<Slo> doubtful = back.isAfter(look.objectivesFrom())
                ? asked.stream()
                        .filter(slo -> own.get(slo).whole() || !own.get(slo).holds())
                        .toList()
                : List.of();
        Map<Slo, ObjectiveStanding> since = doubtful.isEmpty() || look.isTooSoon(back)
                ? Map.of()
                : over(doubtful, look, back, look.now(), look.measured());
        List<Slo> early = new ArrayList<>();
        for (Slo slo : doubtful) {
            ObjectiveStanding then = own.get(slo);
            if (since.containsKey(slo) && since.get(slo).isMeasured()) {
                own.put(slo, since.get(slo));
            } else if (then.isMeasured() && then.whole()) {
                early.add(slo);
                own.remove(slo);
            } else if (then.isMeasured()) {
                throw new IOException(
                        "The objective %s is missed, and since traffic was back too little was measured: %s"
                                .formatted(slo.name(), then.sentence()));
            }
        }
        return new Standings(own, early);
    }

    /** @param requests of that time, which tell an objective of which the source knows no series of bad events */
    static Map<Slo, ObjectiveStanding> over(List<Slo> asked, Look look, Instant from, Instant to, List<Sample> requests)
            throws IOException {
        Map<Slo, ObjectiveStanding> own = new LinkedHashMap<>();
        look.inTime().check();
        Map<String, Tally> tallies = look.source().objectivesOver(look.descent().place(), asked, from, to).stream()
                .collect(Collectors.toMap(Tally::slo, tally -> tally, (one, other) -> one));
        for (Slo slo : asked) {
            Tally tally = tallies.get(slo.name());
            if (tally == null) {
                throw new IOException("The source does not tell how " + slo.name() + " is held");
            }
            String stable = look.descent().baseline();
            boolean yields = tally.quietOf(stable) != null && !ObjectiveStanding.needsQueries(slo);
            own.put(
                    slo,
                    yields
                            ? ObjectiveStanding.byRequests(
                                    slo, requests, "its own queries find no series of bad events")
                            : ObjectiveStanding.of(slo, tally, stable));
        }
        return own;
    }
}
