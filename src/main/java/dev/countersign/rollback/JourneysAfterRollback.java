package dev.countersign.rollback;

import dev.countersign.api.CallBudget;
import dev.countersign.observe.SyntheticJourneys.Side;
import dev.countersign.observe.SyntheticJourneys.Walk;
import dev.countersign.release.Releases;
import dev.countersign.rollout.JourneyWalks;
import dev.countersign.rollout.JourneyWalks.WalkRecord;
import dev.countersign.rollout.Rollouts;
import dev.countersign.rollout.Rollouts.Rollout;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** After a rollback users can go their ways on the stable version. A drill in staging walks none: what it proves is the ladder. */
@Component
class JourneysAfterRollback implements AfterRollback {
    private static final String FAIL = "FAIL";
    private static final String ERROR = "ERROR";

    /** The only phase in which a walk may tell how it was before the release. */
    private static final String STEP = "step";

    private final JourneyWalks walks;
    private final Rollouts rollouts;
    private final Releases releases;

    JourneysAfterRollback(JourneyWalks walks, Rollouts rollouts, Releases releases) {
        this.walks = walks;
        this.rollouts = rollouts;
        this.releases = releases;
    }

    @Override
    public Optional<Shown> look(Place place, Duration within) throws IOException {
        if (place.drill() || !walks.areDeclared(place.service())) {
            return Optional.empty();
        }
        if (CallBudget.atMost(within).compareTo(walks.longest(place.service())) < 0) {
            throw new IOException("The systems answer too slowly for the journeys to be walked in time");
        }
        Rollout rollout = rollouts.find(place.releaseKey())
                .orElseThrow(() -> new IOException(place.releaseKey() + " has no rollout"));
        List<Walk> walked = walks.afterRollback(rollout);
        if (walked.isEmpty()) {
            throw new IOException("No journey of %s was walked, and some are declared".formatted(place.service()));
        }
        Map<String, String> before = before(rollout);
        List<String> known = new ArrayList<>();
        for (Walk walk : walked) {
            if (walk.passed()) {
                continue;
            }
            if (isAsBefore(walk, before.get(walk.journey()))) {
                known.add(walk.journey());
            } else if (walk.verdict().equals(ERROR)) {
                throw new IOException(walk.sentence());
            } else {
                return Optional.of(Shown.broken(walk.sentence()));
            }
        }
        return Optional.of(Shown.holds(
                known.isEmpty()
                        ? "Journeys pass on the stable version: "
                                + walked.stream().map(Walk::journey).collect(Collectors.joining(", "))
                        : "Journeys fail on the stable version as they did when the rollout began: "
                                + String.join(", ", known)));
    }

    /**
     * One that failed on the stable version when the rollout began says nothing of the rollback, and would keep it from ever ending. That it could not be walked then
     * does not excuse that it fails now.
     */
    private static boolean isAsBefore(Walk now, String before) {
        return FAIL.equals(before) || ERROR.equals(before) && now.verdict().equals(ERROR);
    }

    /** By journey, what came of it on the stable version before the candidate could have changed anything there. */
    private Map<String, String> before(Rollout rollout) {
        Map<String, String> first = new HashMap<>();
        if (Boolean.TRUE.equals(releases.get(rollout.releaseKey()).changes().get("databaseMigration"))) {
            return first; // the candidate had migrated the database of both before anything was walked
        }
        walks.of(rollout.releaseKey(), rollout.service()).stream()
                .filter(JourneysAfterRollback::isOfTheBegin)
                .filter(walk -> walk.side().equals(Side.STABLE.name()))
                .forEach(walk -> first.putIfAbsent(walk.journey(), walk.verdict()));
        return first;
    }

    /** When the first share was set, for the first time. Whatever else is walked, and whatever its phase, comes after the candidate served users. */
    private static boolean isOfTheBegin(WalkRecord walk) {
        return walk.phase().equals(STEP) && walk.step() == 1 && walk.epoch() == 1;
    }
}
