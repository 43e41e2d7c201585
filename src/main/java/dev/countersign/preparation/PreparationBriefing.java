package dev.countersign.preparation;

import dev.countersign.catalog.Checklist;
import dev.countersign.catalog.Checklist.Item;
import dev.countersign.gate.Gates;
import dev.countersign.preparation.Ticking.Standing;
import dev.countersign.release.Dossiers.Dossier;
import dev.countersign.release.Release;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** What everybody sees who prepares a release. */
@Component
class PreparationBriefing {
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern(
                    "d MMM uuuu HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Gates gates;

    PreparationBriefing(Gates gates) {
        this.gates = gates;
    }

    static String time(Instant instant) {
        return instant == null ? "" : MINUTE.format(instant);
    }

    Map<String, Object> of(Release release, Dossier dossier) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("releaseKey", release.key());
        shown.put("service", release.service());
        shown.put("summary", Objects.requireNonNullElse(release.summary(), ""));
        shown.put("tier", Objects.requireNonNullElse(release.tier(), "not decided yet"));
        shown.put("requestedBy", release.requestedBy());
        shown.put("dossier", dossier.digest());
        shown.put("changes", release.changesInWords());
        shown.put(
                "gates",
                gates.of(release.key()).stream()
                        .filter(gate -> !"not-applicable".equals(gate.required()))
                        .map(gate -> Map.of(
                                "gate",
                                gate.name(),
                                "verdict",
                                gate.waiver() == null ? gate.verdict().name() : gate.verdict() + ", waived",
                                "sentence",
                                gate.sentence()))
                        .toList());
        return shown;
    }

    /** Who has ticked what, in the checklist's order. */
    static List<Map<String, Object>> ticked(Standing standing) {
        return standing.checklist().map(Checklist::items).orElse(List.of()).stream()
                .filter(item -> standing.valid().containsKey(item.id()))
                .map(item -> row(item, standing.valid().get(item.id())))
                .toList();
    }

    private static Map<String, Object> row(Item item, Tick tick) {
        return Map.of(
                "item",
                item.text(),
                "role",
                item.role(),
                "person",
                tick.person(),
                "at",
                time(tick.tickedAt()),
                "evidence",
                Objects.requireNonNullElse(tick.evidence(), ""));
    }
}
