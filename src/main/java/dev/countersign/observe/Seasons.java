package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Query;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What business figures were in the same hour of the weeks before: asked once for each hour, or again soon where the source did not tell. */
@Component
class Seasons {
    private static final Duration AGAIN = Duration.ofMinutes(1);
    /** Longer than any window: an hour that is asked for is not forgotten. */
    private static final Duration KEPT = Duration.ofDays(4);

    private final Sources sources;
    private final Clock clock;
    private final Map<Key, Known> known = new HashMap<>();

    Seasons(Sources sources, Clock clock) {
        this.sources = sources;
        this.clock = clock;
    }

    private record Key(String service, Query query, Instant hour) {}

    private record Known(Instant asked, List<Double> weeks) {}

    /** @param hour where it begins */
    synchronized List<Double> of(String service, Query query, Instant hour) throws InterruptedException {
        Instant now = clock.instant();
        Key key = new Key(service, query, hour);
        Known last = known.get(key);
        boolean stands = last != null
                && (last.weeks().size() >= Reading.WEEKS
                        || now.isBefore(last.asked().plus(AGAIN)));
        if (stands) {
            return last.weeks();
        }
        known.keySet().removeIf(each -> each.hour().isBefore(now.minus(KEPT)));
        List<Double> weeks = sources.seasons(service, List.of(query), hour).getOrDefault(query, List.of());
        known.put(key, new Known(now, weeks));
        return weeks;
    }
}
