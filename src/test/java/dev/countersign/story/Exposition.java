package dev.countersign.story;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** What a version of a service shows Prometheus: requests by status, a histogram of their durations, orders, and its queue. All begin at zero. */
final class Exposition {
    private static final double[] BOUNDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5};
    private final String labels;
    private volatile int queue;
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder orders = new LongAdder();
    private final DoubleAdder seconds = new DoubleAdder();
    private final AtomicLongArray buckets = new AtomicLongArray(BOUNDS.length + 1);

    Exposition(String service, String digest) {
        this.labels = "service=\"%s\",version=\"%s\"".formatted(service, digest);
    }

    void queue(int waiting) {
        queue = waiting;
    }

    void count(int status, double duration, boolean ordered) {
        (status < 500 ? succeeded : failed).increment();
        if (ordered) {
            orders.increment();
        }
        seconds.add(duration);
        int bucket = 0;
        while (bucket < BOUNDS.length && duration > BOUNDS[bucket]) {
            bucket++;
        }
        buckets.incrementAndGet(bucket);
    }

    String text() {
        StringBuilder text = new StringBuilder("# TYPE http_requests_total counter\n");
        line(text, "http_requests_total", ",code=\"200\"", succeeded.sum());
        line(text, "http_requests_total", ",code=\"500\"", failed.sum());
        text.append("# TYPE orders_total counter\n");
        line(text, "orders_total", "", orders.sum());
        text.append("# TYPE work_queue_depth gauge\n");
        line(text, "work_queue_depth", "", queue);
        text.append("# TYPE http_request_duration_seconds histogram\n");
        long below = 0;
        for (int index = 0; index <= BOUNDS.length; index++) {
            below += buckets.get(index);
            String bound = index < BOUNDS.length ? String.valueOf(BOUNDS[index]) : "+Inf";
            line(text, "http_request_duration_seconds_bucket", ",le=\"" + bound + "\"", below);
        }
        line(text, "http_request_duration_seconds_count", "", below);
        line(text, "http_request_duration_seconds_sum", "", seconds.sum());
        return text.toString();
    }

    private void line(StringBuilder text, String name, String more, Number value) {
        text.append(name)
                .append('{')
                .append(labels)
                .append(more)
                .append("} ")
                .append(value)
                .append('\n');
    }
}
