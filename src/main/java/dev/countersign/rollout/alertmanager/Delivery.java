package dev.countersign.rollout.alertmanager;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.countersign.api.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;

/**
 * What Alertmanager posted.
 *
 * @param faults of those that cannot be read, each with its place
 * @param truncated how many alerts of the group it left out
 * @param groupLabels what all alerts of the group have in common, those that it left out too
 * @param cut whether it went on for longer than what is read of one: nobody knows of what else it spoke
 */
record Delivery(
        List<Alert> alerts, List<Problem> faults, long truncated, Map<String, String> groupLabels, boolean cut) {
    private static final Set<String> KEPT = Set.of("version", "status", "truncatedAlerts", "groupLabels");
    private static final Pattern FINGERPRINT = Pattern.compile("[\\x21-\\x7e]{1,64}");
    private static final int LAST_YEAR = 9999;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * @param fingerprint of the labels; older senders leave it out
     * @param startsAt to the microsecond, as databases keep it
     */
    record Alert(boolean resolved, String fingerprint, Instant startsAt, Map<String, String> labels, String summary) {
        String label(String name) {
            return labels.getOrDefault(name, "");
        }
    }

    /**
     * Reads alert by alert, so that no delivery is kept as it was written.
     *
     * @throws IOException where the connection broke
     */
    static Delivery read(InputStream body) throws IOException {
        Reading reading = new Reading();
        boolean cut = false;
        try (JsonParser parser = JSON.createParser(body)) {
            reading.delivery(parser);
        } catch (JsonProcessingException broken) {
            throw Problem.of(HttpStatus.BAD_REQUEST, "The body is not JSON: " + broken.getOriginalMessage(), Map.of());
        } catch (TooLong further) {
            cut = true;
        }
        return reading.read(cut);
    }

    /** What has been read so far: the version of the format, and labels of the group, stand behind the alerts. */
    private static final class Reading {
        private final List<Alert> alerts = new ArrayList<>();
        private final List<Problem> faults = new ArrayList<>();
        private final Map<Integer, JsonNode> withoutStatus = new TreeMap<>();
        private final Map<String, JsonNode> rest = new HashMap<>();
        private boolean listed;

        void delivery(JsonParser parser) throws IOException {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                if (parser.currentToken() != null) {
                    parser.skipChildren();
                }
                return;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                boolean list = parser.nextToken() == JsonToken.START_ARRAY;
                if (field.equals("alerts") && list) {
                    listed = true;
                    for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
                        add(index, JSON.readTree(parser));
                    }
                } else if (KEPT.contains(field)) {
                    rest.put(field, JSON.readTree(parser));
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw Problem.of(HttpStatus.BAD_REQUEST, "The body is not JSON: it goes on after its end", Map.of());
            }
        }

        private void add(int index, JsonNode alert) {
            if (alert.path("status").isMissingNode() && !rest.containsKey("status")) {
                withoutStatus.put(index, alert);
            } else {
                read(index, alert);
            }
        }

        private void read(int index, JsonNode alert) {
            try {
                alerts.add(alert("/alerts/" + index, alert, of("status").asText("")));
            } catch (Problem unreadable) {
                faults.add(unreadable);
            }
        }

        private JsonNode of(String field) {
            return rest.getOrDefault(field, MissingNode.getInstance());
        }

        /** Of one that was cut the version may stand in what was not read. */
        Delivery read(boolean cut) {
            if (!"4".equals(of("version").asText()) && !(cut && !rest.containsKey("version"))) {
                throw Problem.invalid("/version", "must be \"4\"");
            }
            if (!listed && !cut) {
                throw Problem.invalid("/alerts", "must be a list");
            }
            withoutStatus.forEach(this::read);
            return new Delivery(
                    List.copyOf(alerts),
                    List.copyOf(faults),
                    of("truncatedAlerts").asLong(0),
                    labels(of("groupLabels")),
                    cut);
        }
    }

    private static Alert alert(String at, JsonNode alert, String ofGroup) {
        String status = alert.path("status").asText(ofGroup);
        if (!status.equals("firing") && !status.equals("resolved")) {
            throw Problem.invalid(at + "/status", "must be firing or resolved");
        }
        if (!alert.path("labels").isObject()) {
            throw Problem.invalid(at + "/labels", "must be an object");
        }
        TreeMap<String, String> labels = labels(alert.path("labels"));
        String fingerprint = alert.path("fingerprint").asText("");
        if (!fingerprint.isEmpty() && !FINGERPRINT.matcher(fingerprint).matches()) {
            throw Problem.invalid(at + "/fingerprint", "must be 1 to 64 printable characters");
        }
        JsonNode annotations = alert.path("annotations");
        return new Alert(
                status.equals("resolved"),
                fingerprint.isEmpty() ? fingerprint(labels) : fingerprint,
                startsAt(at, alert.path("startsAt").asText("")),
                labels,
                annotations
                        .path("summary")
                        .asText(annotations.path("description").asText("")));
    }

    /** No database keeps a NUL, and an alert that could never be kept would be sent again for ever. */
    private static TreeMap<String, String> labels(JsonNode node) {
        TreeMap<String, String> labels = new TreeMap<>();
        node.properties()
                .forEach(label ->
                        labels.put(label.getKey(), label.getValue().asText().replace('\0', ' ')));
        return labels;
    }

    private static Instant startsAt(String at, String text) {
        try {
            OffsetDateTime time = OffsetDateTime.parse(text);
            if (time.getYear() < 0 || time.getYear() > LAST_YEAR) {
                throw Problem.invalid(at + "/startsAt", "must be a time of this era");
            }
            return time.toInstant().truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException unreadable) {
            throw Problem.invalid(at + "/startsAt", "must be a time (RFC 3339)");
        }
    }

    private static String fingerprint(TreeMap<String, String> labels) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(labels.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
