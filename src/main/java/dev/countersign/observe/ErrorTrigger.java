package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Triggers;
import java.time.Instant;
import java.util.List;

/**
 * The absolute trigger on errors: a rate over the limit among the candidate's requests of the trigger window, as soon as they are
 * enough to say so. Looked at after every sample, so that it does not matter when the platform looked.
 *
 * @param breach the first look that is over the limit with enough requests; null where there is none
 * @param restart the last look that broke the unbroken window: over the limit, or a full trigger window with too few requests
 * @param latest null without samples
 */
record ErrorTrigger(Look breach, Instant restart, Look latest) {
    record Look(Instant at, long requests, long errors) {
        double rate() {
            return (double) errors / requests;
        }
    }

    static ErrorTrigger scan(List<Sample> candidate, Triggers triggers, Instant since) {
        Look breach = null;
        Look latest = null;
        Instant restart = null;
        long requests = 0;
        long errors = 0;
        int oldest = 0;
        for (Sample sample : candidate) {
            Instant end = sample.end();
            requests += sample.requests();
            errors += sample.errors();
            for (;
                    candidate.get(oldest).at().isBefore(end.minus(triggers.errorWindow()))
                            && candidate.get(oldest) != sample;
                    oldest++) {
                requests -= candidate.get(oldest).requests();
                errors -= candidate.get(oldest).errors();
            }
            latest = new Look(end, requests, errors);
            boolean enough = requests >= triggers.minRequests();
            boolean over = requests > 0 && latest.rate() > triggers.maxErrorRate();
            if (over && enough) {
                breach = latest;
                break;
            }
            boolean windowFull = !end.isBefore(since.plus(triggers.errorWindow()));
            if (over || windowFull && !enough) {
                restart = end;
            }
        }
        return new ErrorTrigger(breach, restart, latest);
    }
}
