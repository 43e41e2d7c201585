package dev.countersign.schedule.rota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.api.BoundedBody;
import dev.countersign.schedule.rota.RotaProperties.PagerDuty;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A rota that PagerDuty keeps: those on call by an escalation policy. An answer is used for a minute, so that a page does not call PagerDuty at each look. */
class PagerDutyRota implements Rota {
    private static final long LARGEST_ANSWER = 1024 * 1024;
    private static final int PAGE = 100;
    private static final int MOST_PAGES = 5;
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final PagerDuty settings;
    private final String policy;
    private final ObjectMapper json;
    private final HttpClient client;
    private Answer last;
    private IOException trouble;
    private Instant troubledAt;

    private record Answer(Instant from, Instant at, List<Shift> shifts) {}

    PagerDutyRota(PagerDuty settings, String policy, ObjectMapper json) {
        this.settings = settings;
        this.policy = policy;
        this.json = json;
        this.client = HttpClient.newBuilder()
                .connectTimeout(settings.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public synchronized List<Shift> at(Instant time) throws IOException {
        boolean fresh = last != null
                && !time.isBefore(last.from())
                && time.isBefore(last.at().plus(settings.keep()));
        if (!fresh) {
            last = new Answer(time, time, askedOnce(time));
        }
        return last.shifts().stream()
                .filter(shift -> shift.until() == null || shift.until().isAfter(time))
                .toList();
    }

    /** Who asks twice for one task, for its persons and for its groups, is told the same twice. */
    private List<Shift> askedOnce(Instant time) throws IOException {
        if (trouble != null && !time.isBefore(troubledAt) && time.isBefore(troubledAt.plus(PAUSE))) {
            throw new IOException(trouble.getMessage(), trouble);
        }
        try {
            trouble = null;
            return asked(time);
        } catch (IOException failed) {
            trouble = failed;
            troubledAt = time;
            throw failed;
        }
    }

    private List<Shift> asked(Instant time) throws IOException {
        List<Shift> shifts = new ArrayList<>();
        for (int page = 0; page < MOST_PAGES; page++) {
            JsonNode answer = call(page * PAGE, time);
            JsonNode oncalls = answer.path("oncalls");
            if (!oncalls.isArray()) {
                throw new IOException("PagerDuty's answer has no list oncalls");
            }
            for (JsonNode one : oncalls) {
                shifts.add(shift(one));
            }
            if (!answer.path("more").asBoolean()) {
                shifts.sort(Comparator.comparingInt(Shift::level));
                return shifts;
            }
        }
        throw new IOException("PagerDuty names more than " + MOST_PAGES * PAGE + " turns for " + policy);
    }

    private static Shift shift(JsonNode one) throws IOException {
        List<String> names = new ArrayList<>();
        for (String field : List.of("email", "summary")) {
            if (one.path("user").path(field).isTextual()) {
                names.add(one.path("user").path(field).asText());
            }
        }
        if (names.isEmpty() || !one.path("escalation_level").canConvertToInt()) {
            throw new IOException("PagerDuty's answer names a turn without a user or without a level");
        }
        return new Shift(names, one.path("escalation_level").asInt(), time(one.path("end")));
    }

    private static Instant time(JsonNode end) throws IOException {
        try {
            return end.isTextual() ? OffsetDateTime.parse(end.asText()).toInstant() : null;
        } catch (DateTimeException unreadable) {
            throw new IOException("PagerDuty's answer has an end that is no time: " + end.asText(), unreadable);
        }
    }

    private JsonNode call(int offset, Instant time) throws IOException {
        String base = settings.url().toString();
        URI asked = URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base)
                + "/oncalls?include%5B%5D=users&limit=" + PAGE + "&offset=" + offset + "&escalation_policy_ids%5B%5D="
                + policy + "&since=" + time + "&until=" + time);
        HttpRequest request = HttpRequest.newBuilder(asked)
                .timeout(settings.timeout())
                .header("Accept", "application/vnd.pagerduty+json;version=2")
                .header(
                        "Authorization",
                        "Token token=" + Files.readString(settings.tokenFile()).strip())
                .build();
        try {
            HttpResponse<byte[]> answer = BoundedBody.exchange(client, request, LARGEST_ANSWER, settings.timeout());
            if (answer.statusCode() != 200) {
                throw new IOException("PagerDuty answered %d".formatted(answer.statusCode()));
            }
            return json.readTree(answer.body());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for PagerDuty", stopped);
        }
    }
}
