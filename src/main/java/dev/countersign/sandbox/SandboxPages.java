package dev.countersign.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.countersign.catalog.Catalog;
import dev.countersign.observe.RealUsers;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The browsers of the sample services' users: what their pages measure is sent to the platform's own collector, as any page does. One body a second for each service and
 * version.
 */
@InSandbox
@Component
class SandboxPages {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxPages.class);
    private static final int MOST_PAGES = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final SandboxTargets targets;
    private final Catalog catalog;
    private final ObjectMapper json;
    private final Clock clock;
    private final Map<String, Second> seconds = new ConcurrentHashMap<>();
    private final AtomicLong pages = new AtomicLong();
    private volatile int port;

    SandboxPages(SandboxTargets targets, Catalog catalog, ObjectMapper json, Clock clock) {
        this.targets = targets;
        this.catalog = catalog;
        this.json = json;
        this.clock = clock;
    }

    private record Second(long number, ArrayNode beacons) {}

    @EventListener
    void on(WebServerInitializedEvent started) {
        if (started.getApplicationContext().getServerNamespace() == null) {
            port = started.getWebServer().getPort();
        }
    }

    void shown(String service, String version, JsonNode page) {
        Optional<String> origin = catalog.service(service)
                .flatMap(known -> RealUsers.originsOf(known).stream().findFirst());
        if (port == 0 || origin.isEmpty() || !page.has("vitals")) {
            return;
        }
        String key = service + " " + version;
        long now = clock.instant().getEpochSecond();
        Second complete = null;
        synchronized (this) {
            Second second = seconds.get(key);
            if (second == null || second.number() != now) {
                complete = second;
                second = new Second(now, json.createArrayNode());
                seconds.put(key, second);
            }
            if (second.beacons().size() < 3 * MOST_PAGES) {
                add(second.beacons(), page.path("vitals"));
            }
        }
        if (complete != null) {
            send(service, version, origin.get(), complete.beacons());
        }
    }

    /** As the library writes them. */
    private void add(ArrayNode beacons, JsonNode vitals) {
        String page = "v5-" + clock.millis() + "-" + pages.incrementAndGet();
        for (Map.Entry<String, String> vital :
                Map.of("LCP", "lcpMs", "INP", "inpMs", "CLS", "cls").entrySet()) {
            double value = vitals.path(vital.getValue()).asDouble();
            beacons.addObject()
                    .put("name", vital.getKey())
                    .put("value", value)
                    .put("rating", "good")
                    .put("delta", value)
                    .put("id", page)
                    .put("navigationType", "navigate");
        }
    }

    private void send(String service, String version, String origin, ArrayNode beacons) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/api/rum?service=%s&version=%s"
                        .formatted(port, encoded(service), encoded(version))))
                .timeout(PATIENCE)
                .header("Content-Type", "text/plain;charset=UTF-8")
                .header("Origin", origin)
                .POST(HttpRequest.BodyPublishers.ofString(beacons.toString()))
                .build();
        targets.client()
                .sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .whenComplete((answer, failure) -> {
                    if (failure != null || answer.statusCode() != 204) {
                        LOG.debug("Beacons of {} were not taken in: {}", service, answer, failure);
                    }
                });
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
