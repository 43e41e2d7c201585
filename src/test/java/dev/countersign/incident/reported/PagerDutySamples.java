package dev.countersign.incident.reported;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Incident records that another tool collected from PagerDuty, for the test over all samples. */
public final class PagerDutySamples {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PagerDutySamples() {}

    /** @param file what the other tool made of the records in {@code raw.csv} beside it */
    public static void check(Path file, JsonNode expected) throws IOException {
        List<Report> reports = rows(file.resolveSibling("raw.csv")).stream()
                .map(row -> read(row.get("data")))
                .toList();
        assertThat(reports).hasSize(expected.get("incidents").asInt());
        expected.get("status").properties().forEach(count -> assertThat(reports)
                .filteredOn(report ->
                        report.status().name().toLowerCase(Locale.ROOT).equals(count.getKey()))
                .hasSize(count.getValue().asInt()));
        expected.get("urgency").properties().forEach(count -> assertThat(reports)
                .filteredOn(report -> report.urgency().equals(count.getKey()))
                .hasSize(count.getValue().asInt()));
        List<Map<String, String>> rows = rows(file);
        assertThat(rows).hasSize(expected.get("expected_rows").asInt());
        for (Map<String, String> row : rows) {
            assertThat(reports)
                    .filteredOn(report -> report.number().equals(row.get("number")))
                    .singleElement()
                    .satisfies(report -> {
                        assertThat(report.address()).isEqualTo(row.get("url"));
                        assertThat(report.serviceId()).isEqualTo(row.get("service_id"));
                        assertThat("[#%s] %s".formatted(report.number(), report.title()))
                                .isEqualTo(row.get("summary"));
                        assertThat(report.status().name()).isEqualToIgnoringCase(row.get("status"));
                        assertThat(report.urgency()).isEqualTo(row.get("urgency"));
                        assertThat(report.startedAt()).isEqualTo(time(row.get("created_date")));
                        assertThat(report.changedAt()).isEqualTo(time(row.get("updated_date")));
                    });
        }
    }

    private static Instant time(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }

    private static Report read(String record) {
        try {
            Part document = Part.root(JSON.readTree(record));
            PagerDutyReports reader = new PagerDutyReports();
            assertThat(reader.speaks(document)).isTrue();
            return reader.read(document).get(0);
        } catch (JsonProcessingException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Comma-separated values (RFC 4180) with a line of names. */
    private static List<Map<String, String>> rows(Path file) throws IOException {
        List<List<String>> lines = new ArrayList<>(List.of(new ArrayList<>()));
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (char one : Files.readString(file, StandardCharsets.UTF_8).toCharArray()) {
            if (one == '"') {
                // Two of them in a quoted cell are one: the second opens it again.
                if (!quoted && !cell.isEmpty()) {
                    cell.append(one);
                }
                quoted = !quoted;
            } else if (quoted || one != ',' && one != '\n') {
                cell.append(one);
            } else {
                lines.get(lines.size() - 1).add(cell.toString());
                cell.setLength(0);
                if (one == '\n') {
                    lines.add(new ArrayList<>());
                }
            }
        }
        assertThat(quoted || !cell.isEmpty())
                .as("the file ends with its last line")
                .isFalse();
        List<String> names = lines.get(0);
        return lines.subList(1, lines.size() - 1).stream()
                .map(line -> {
                    Map<String, String> row = new HashMap<>();
                    for (int column = 0; column < names.size(); column++) {
                        row.put(names.get(column), line.get(column));
                    }
                    return row;
                })
                .toList();
    }
}
