package dev.countersign.schedule.rota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.core.io.FileSystemResource;

/** Calendars of other programs, for the test over all samples: somebody is on duty when their events are. */
public final class CalendarSamples {
    private CalendarSamples() {}

    public static void check(Path file, JsonNode expected) throws IOException {
        CalendarRota rota = new CalendarRota(List.of(new FileSystemResource(file)), ZoneOffset.UTC);
        if (expected.get("valid").isTextual()) {
            // Their events begin nowhere, so that nobody has a turn.
            assertThat(rota.at(Instant.parse("1996-04-03T03:00:00Z"))).isEmpty();
            return;
        }
        if (!expected.get("valid").asBoolean()) {
            assertThatThrownBy(() -> rota.at(Instant.parse("2024-01-01T00:00:00Z")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file.getFileName().toString());
            return;
        }
        for (JsonNode probe : expected.get("probes")) {
            assertThat(!rota.at(Instant.parse(probe.get(0).asText())).isEmpty())
                    .as("%s", probe)
                    .isEqualTo(probe.get(1).asBoolean());
        }
        for (JsonNode occurrence : expected.get("occurrences")) {
            Instant end = Instant.parse(occurrence.get(1).asText());
            assertThat(rota.at(Instant.parse(occurrence.get(0).asText())))
                    .as("%s", occurrence)
                    .anySatisfy(shift -> assertThat(shift.until()).isEqualTo(end));
            assertThat(rota.at(end))
                    .allSatisfy(shift -> assertThat(shift.until()).isAfter(end));
        }
    }
}
