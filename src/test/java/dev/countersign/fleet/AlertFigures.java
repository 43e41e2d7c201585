package dev.countersign.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Measures how long traffic takes to go back after an alert, and after a fault that only the platform's own observation sees, beside many rollouts that go on. A
 * program, no test: docs/performance.md names the command and what came out.
 */
final class AlertFigures {
    private static final int BESIDE = 200;
    private static final int ALERTS = 60;
    private static final long BETWEEN_MS = 500;
    private static final double ERROR_RATE = 0.2;
    private static final Duration WATCHED_BEFORE = Duration.ofMinutes(1);
    private static final Duration DETECTED_WITHIN = Duration.ofMinutes(10);
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Fleet fleet;
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI webhook;

    private AlertFigures(Fleet fleet) {
        this.fleet = fleet;
        this.webhook = URI.create("http://127.0.0.1:"
                + fleet.application().getEnvironment().getProperty("local.server.port") + "/api/webhooks/alertmanager");
    }

    public static void main(String... args) throws Exception {
        int beside = args.length > 0 ? Integer.parseInt(args[0]) : BESIDE;
        int alerts = args.length > 1 ? Integer.parseInt(args[1]) : ALERTS;
        // As many one by one; half as many at the same moment, and half as many in one delivery; a sixth with a fault
        // that no alert tells of.
        int all = beside + 2 * alerts + Math.max(1, alerts / 6);
        int code = 0;
        try (Fleet fleet = new Fleet(all).start()) {
            fleet.open();
            fleet.rollOut();
            System.out.printf("%d rollouts are running, load %.1f%n", all, load());
            new AlertFigures(fleet).measure(fleet.services().subList(beside, all), alerts);
        } catch (Exception failed) {
            failed.printStackTrace();
            code = 1;
        }
        System.exit(code);
    }

    private void measure(List<String> services, int alerts) throws Exception {
        pause(WATCHED_BEFORE.toMillis());
        List<String> single = services.subList(0, alerts);
        List<String> atOnce = services.subList(alerts, alerts + alerts / 2);
        List<String> group = services.subList(alerts + alerts / 2, 2 * (alerts / 2) + alerts);
        List<String> faulty = services.subList(2 * alerts, services.size());

        Map<String, Long> took = new HashMap<>();
        for (String service : single) {
            took.putAll(deliver(List.of(service)));
            pause(BETWEEN_MS);
        }
        say("one alert every %d ms".formatted(BETWEEN_MS), took.values());
        pause(10_000);

        took.clear();
        ExecutorService senders = Executors.newFixedThreadPool(atOnce.size());
        List<Future<Map<String, Long>>> sent = senders.invokeAll(atOnce.stream()
                .map(service -> (Callable<Map<String, Long>>) () -> deliver(List.of(service)))
                .toList());
        for (Future<Map<String, Long>> each : sent) {
            took.putAll(each.get());
        }
        senders.shutdown();
        say(atOnce.size() + " alerts at the same moment", took.values());
        pause(10_000);

        say(group.size() + " alerts in one delivery", deliver(group).values());
        pause(10_000);
        detect(faulty);
    }

    /** Sends one delivery that names these; for each the milliseconds until its traffic was back. */
    private Map<String, Long> deliver(List<String> services) throws Exception {
        List<String> alerts = services.stream()
                .map(service ->
                        """
                        {"status": "firing", "labels": {"alertname": "HighErrors", "severity": "critical", "release": "%s"},
                         "annotations": {"summary": "12 %% errors"}, "startsAt": "%s", "endsAt": "0001-01-01T00:00:00Z", "fingerprint": "%s"}"""
                                .formatted(Fleet.key(service), Instant.now(), service))
                .toList();
        String body =
                "{\"version\": \"4\", \"status\": \"firing\", \"receiver\": \"countersign\", \"truncatedAlerts\": 0, \"alerts\": ["
                        + String.join(",", alerts) + "]}";
        long sent = System.nanoTime();
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(webhook)
                        .timeout(Duration.ofMinutes(1))
                        .header("Authorization", "Bearer " + Fleet.SECRET)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        long answered = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sent);
        Map<String, Long> took = new HashMap<>();
        for (JsonNode done : JSON.readTree(answer.body()).path("alerts")) {
            if (!done.path("outcome").asText().equals("ROLLED_BACK")) {
                throw new IOException("Not rolled back: " + done);
            }
            // Of several in one delivery each says when it was done; the last one, and a single one, counts with the
            // way to the server and back.
            took.put(
                    done.path("fingerprint").asText(),
                    services.size() == 1 ? answered : done.path("tookMs").asLong());
        }
        for (String service : services) {
            if (!fleet.servers().isBack(service) || !took.containsKey(service)) {
                throw new IOException(
                        "The router still gives the candidate of " + service + " traffic: " + answer.body());
            }
        }
        return took;
    }

    private void detect(List<String> faulty) throws Exception {
        JdbcTemplate database = fleet.application().getBean(JdbcTemplate.class);
        Map<String, Instant> since = new HashMap<>();
        for (String service : faulty) {
            fleet.measured().fail(service, ERROR_RATE);
            since.put(service, Instant.now());
            // Not in step with the intervals of the measurements.
            pause(1_700);
        }
        Instant end = Instant.now().plus(DETECTED_WITHIN);
        String back = "select count(*) from rollout where traffic_back_at is not null and service in (%s)"
                .formatted(String.join(
                        ",", faulty.stream().map(each -> "'" + each + "'").toList()));
        while (database.queryForObject(back, Integer.class) < faulty.size()
                && Instant.now().isBefore(end)) {
            pause(500);
        }
        List<Long> detected = new ArrayList<>();
        List<Long> returned = new ArrayList<>();
        for (String service : faulty) {
            Map<String, Object> row = database.queryForMap(
                    "select tripped_at, traffic_back_at, tripped_because from rollout where service = ?", service);
            if (row.get("tripped_at") == null) {
                System.out.println("Not detected within " + DETECTED_WITHIN + ": " + service);
                continue;
            }
            Instant tripped = ((OffsetDateTime) row.get("tripped_at")).toInstant();
            Instant at = ((OffsetDateTime) row.get("traffic_back_at")).toInstant();
            detected.add(Duration.between(since.get(service), tripped).toMillis());
            returned.add(Duration.between(tripped, at).toMillis());
            if (service.equals(faulty.get(0))) {
                System.out.println(row.get("tripped_because"));
            }
        }
        say("fault to detection, %.0f %% errors".formatted(ERROR_RATE * 100), detected);
        say("detection to traffic back", returned);
    }

    private static void say(String what, Collection<Long> milliseconds) {
        List<Long> sorted = milliseconds.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "%s: n %d, median %d ms, p90 %d ms, p99 %d ms, max %d ms; load %.1f%n",
                what,
                sorted.size(),
                rank(sorted, 0.5),
                rank(sorted, 0.9),
                rank(sorted, 0.99),
                rank(sorted, 1),
                load());
    }

    private static long rank(List<Long> sorted, double share) {
        return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static void pause(long milliseconds) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(milliseconds);
    }
}
