package dev.countersign.rollout;

import dev.countersign.observe.Latencies;
import dev.countersign.observe.MetricsSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.DoubleStream;

/** Measurements in the test's hands; none until it says so. */
final class ScriptedMetrics implements MetricsSource {
    private static final int REQUESTS = 1000;
    private volatile String service;
    private volatile String version;
    private volatile int errors;

    void reset() {
        service = null;
        errors = 0;
    }

    /** A thousand requests were answered, so many of them with an error. */
    void measure(String ofService, String ofVersion, int withError) {
        service = ofService;
        version = ofVersion;
        errors = withError;
    }

    @Override
    public boolean serves(String asked) {
        return asked.equals(service);
    }

    @Override
    public List<Sample> requests(String asked, Instant from, Instant to) {
        double[] fast = DoubleStream.generate(() -> 20).limit(REQUESTS).toArray();
        return List.of(new Sample(
                to.minusSeconds(2),
                Duration.ofSeconds(1),
                version,
                REQUESTS,
                errors,
                20.0,
                20.0,
                20.0,
                Latencies.of(fast)));
    }
}
