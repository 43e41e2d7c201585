package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Query;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What business figures were in the same hour of the weeks before: asked once an hour, or again soon where the source did not tell. */
@Component
class Seasons {
    private static final Duration AGAIN = Duration.ofMinutes(1);
    private final Sources sources;
    private final Clock clock;
    private final Map<Key, Known> known = new HashMap<>();

    Seasons(Sources sources, Clock clock) {
        this.sources = sources;
        this.clock = clock;
    }

    private record Key(String service, Query query) {}

    private record Known(Instant hour, Instant asked, List<Double> weeks) {}

    synchronized List<Double> of(String service, Query query) throws InterruptedException {
        Instant now = clock.instant();
        Instant hour = now.truncatedTo(ChronoUnit.HOURS);
        Key key = new Key(service, query);
        Known last = known.get(key);
        boolean stands = last != null
                && last.hour().equals(hour)
                && (last.weeks().size() >= Reading.WEEKS
                        || now.isBefore(last.asked().plus(AGAIN)));
        if (stands) {
            return last.weeks();
        }
        known.values().removeIf(each -> each.hour().isBefore(hour));
        List<Double> weeks = sources.seasons(service, List.of(query), hour).getOrDefault(query, List.of());
        known.put(key, new Known(hour, now, weeks));
        return weeks;
    }
}
