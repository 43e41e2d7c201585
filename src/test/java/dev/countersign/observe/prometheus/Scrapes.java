package dev.countersign.observe.prometheus;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;

/** What a server has scraped every five seconds from the start on, written in OpenMetrics. */
final class Scrapes {
    static final int EVERY = 5;
    private final Instant start;
    private final int seconds;
    private final List<String> counters = new ArrayList<>();
    private final List<String> buckets = new ArrayList<>();

    Scrapes(Instant start, int seconds) {
        this.start = start;
        this.seconds = seconds;
    }

    /** @param value the counter's, by the second after the start; @param scraped the seconds at which the target answered */
    Scrapes requests(String labels, IntToDoubleFunction value, IntPredicate scraped) {
        series(counters, "http_requests_total{" + labels + "}", value, scraped);
        return this;
    }

    Scrapes requests(String labels, double perSecond) {
        return requests(labels, second -> perSecond * second, second -> true);
    }

    /** @param le the bound in seconds; @param perSecond how many requests a second take no longer */
    Scrapes bucket(String labels, String le, double perSecond) {
        series(
                buckets,
                "http_request_duration_seconds_bucket{%s,le=\"%s\"}".formatted(labels, le),
                second -> perSecond * second,
                second -> true);
        return this;
    }

    private void series(List<String> lines, String name, IntToDoubleFunction value, IntPredicate scraped) {
        for (int second = 0; second <= seconds; second += EVERY) {
            if (scraped.test(second)) {
                lines.add("%s %s %d".formatted(name, value.applyAsDouble(second), start.getEpochSecond() + second));
            }
        }
    }

    String openMetrics() {
        return "# TYPE http_requests counter\n" + String.join("\n", counters)
                + "\n# TYPE http_request_duration_seconds histogram\n" + String.join("\n", buckets) + "\n# EOF\n";
    }
}
