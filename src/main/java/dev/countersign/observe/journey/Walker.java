package dev.countersign.observe.journey;

import dev.countersign.api.BoundedBody;
import dev.countersign.catalog.Journey;
import dev.countersign.catalog.Journey.Kept;
import dev.countersign.catalog.Journey.Step;
import dev.countersign.observe.JourneyTarget;
import dev.countersign.observe.SyntheticJourneys.Side;
import dev.countersign.observe.SyntheticJourneys.Walk;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLException;

/** Walks one journey on one version. No redirect is followed, so that nothing leads it elsewhere: a journey that expects one says so. */
final class Walker {
    /** A version that is being restarted is asked again, unless it may have heard the question. */
    private static final int ATTEMPTS = 3;

    private static final Duration BETWEEN = Duration.ofMillis(200);

    /** The JDK's client refuses them, or they belong to the connection. */
    private static final Set<String> NOT_OURS = Set.of("host", "connection", "content-length", "expect", "upgrade");

    private final HttpClient client;
    private final long maxResponse;
    private final Journey journey;
    private final Side side;
    private final JourneyTarget target;
    private final Filling filling;
    private final long begun = System.nanoTime();
    private final long ends;

    Walker(HttpClient client, long maxResponse, Journey journey, Side side, JourneyTarget target, long deadline) {
        this.client = client;
        this.maxResponse = maxResponse;
        this.journey = journey;
        this.side = side;
        this.target = target;
        this.filling = new Filling(journey.service(), target);
        this.ends = Math.min(deadline - begun, journey.within().toNanos());
    }

    /** The version did not do what it must. */
    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message);
        }
    }

    Walk walk() throws InterruptedException {
        String at = "address";
        try {
            JourneyTarget.Address address = target.address(journey.service(), side);
            for (Step step : journey.steps()) {
                at = step.id();
                take(step, address);
            }
            return walked(
                    "PASS",
                    "Journey %s passed on the %s in %d ms (%d steps)"
                            .formatted(
                                    journey.id(),
                                    side.words(),
                                    took().toMillis(),
                                    journey.steps().size()));
        } catch (Failed unmet) {
            return walked(
                    "FAIL",
                    "Journey %s failed on the %s at '%s': %s"
                            .formatted(journey.id(), side.words(), at, unmet.getMessage()));
        } catch (IOException | IllegalArgumentException unasked) {
            return walked(
                    "ERROR",
                    "Journey %s could not be walked on the %s at '%s': %s"
                            .formatted(journey.id(), side.words(), at, words(unasked)));
        }
    }

    private Walk walked(String verdict, String sentence) {
        return new Walk(journey.id(), journey.digest(), side, verdict, filling.told(sentence), took());
    }

    private void take(Step step, JourneyTarget.Address address) throws IOException, Failed, InterruptedException {
        Duration left = Duration.ofNanos(ends - (System.nanoTime() - begun));
        if (left.isNegative() || left.isZero()) {
            throw new Failed("not reached within " + journey.within().toMillis() + " ms");
        }
        Duration within = step.within().compareTo(left) < 0 ? step.within() : left;
        HttpRequest request = request(step, address, within);
        long asked = System.nanoTime();
        HttpResponse<byte[]> answer = ask(request, within);
        long took = Duration.ofNanos(System.nanoTime() - asked).toMillis();
        if (took > within.toMillis()) {
            throw late(within);
        }
        try {
            Expectations expectations = new Expectations(answer);
            expectations.hold(step.expected());
            for (Kept kept : step.kept()) {
                filling.keep(kept.name(), expectations.keep(kept));
            }
        } catch (Expectations.Unmet unmet) {
            throw new Failed(unmet.getMessage());
        }
    }

    private static Failed late(Duration within) {
        return new Failed("no whole answer within %d ms".formatted(within.toMillis()));
    }

    private HttpResponse<byte[]> ask(HttpRequest request, Duration within)
            throws IOException, Failed, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return BoundedBody.exchange(client, request, maxResponse, within);
            } catch (HttpConnectTimeoutException unreachable) {
                throw unreachable;
            } catch (HttpTimeoutException late) {
                throw late(within);
            } catch (ConnectException refused) {
                if (attempt == ATTEMPTS) {
                    throw refused;
                }
                Thread.sleep(BETWEEN.toMillis());
            } catch (SSLException | NoRouteToHostException unreachable) {
                throw unreachable;
            } catch (IOException broken) {
                // It was reached: what does not come whole is the version's doing.
                throw new Failed(words(broken));
            }
        }
    }

    private HttpRequest request(Step step, JourneyTarget.Address address, Duration within) throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("User-Agent", "Countersign-Journey");
        for (Map.Entry<String, String> header : step.headers().entrySet()) {
            headers.put(header.getKey(), filling.text(header.getValue()));
        }
        headers.putAll(address.headers());
        headers.keySet().removeAll(NOT_OURS);
        byte[] body = null;
        if (step.json() != null) {
            headers.putIfAbsent("Content-Type", "application/json");
            body = filling.json(step.json()).toString().getBytes(StandardCharsets.UTF_8);
        } else if (step.body() != null) {
            body = filling.text(step.body()).getBytes(StandardCharsets.UTF_8);
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(at(address.base(), filling.path(step.path())))
                .timeout(within)
                .method(
                        step.method(),
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return request.build();
    }

    /** The operators' host, whatever the path says. */
    static URI at(URI base, String path) throws IOException {
        String text = base.toString();
        URI at = URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
        boolean same = at.getScheme().equals(base.getScheme())
                && at.getHost() != null
                && at.getHost().equals(base.getHost())
                && at.getPort() == base.getPort()
                && at.getUserInfo() == null;
        if (!same
                || at.normalize().getPath().length() < at.getPath().length()
                        && at.getPath().contains("..")) {
            throw new IOException("its path leads away from where the version answers");
        }
        return at;
    }

    private Duration took() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static String words(Exception failure) {
        if (failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException) {
            return "it cannot be reached";
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
