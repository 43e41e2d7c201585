package dev.countersign.evidence.migration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.catalog.IntegrityChecks;
import dev.countersign.catalog.IntegrityChecks.Kind;
import dev.countersign.evidence.migration.CheckOutcome.Result;
import dev.countersign.release.Release;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Writes outcomes in the published format {@code migration-check}. */
@Component
class CheckDocument {
    private static final int LONGEST = 300;
    private final ObjectMapper json;

    CheckDocument(ObjectMapper json) {
        this.json = json;
    }

    /** @param at null where the same outcomes are to be the same bytes */
    byte[] of(Release release, IntegrityChecks checks, String phase, Instant at, List<CheckOutcome> outcomes) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("document", "migration-check");
        document.put("subject", Map.of("commit", release.commit()));
        document.put("database", checks.database());
        document.put("phase", phase);
        if (at != null) {
            document.put("at", at.toString());
        }
        document.put("declaration", checks.digest());
        document.put("checks", outcomes.stream().map(CheckDocument::entry).toList());
        return bytes(document);
    }

    byte[] bytes(Map<String, Object> document) {
        try {
            return json.writeValueAsBytes(document);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static Map<String, Object> entry(CheckOutcome outcome) {
        Map<String, Object> entry = new LinkedHashMap<>();
        Kind kind = outcome.check().kind();
        entry.put("id", outcome.check().id());
        entry.put("kind", kind.id());
        put(entry, "before", kind, outcome.before());
        put(entry, "after", kind, outcome.after());
        if (outcome.before() != null || outcome.after() != null) {
            put(entry, "expected", kind, CheckOutcome.expected(outcome.check()));
        }
        // Where there is nothing to compare there is nothing to be off by.
        if (outcome.result() == Result.PASSED || outcome.result() == Result.FAILED) {
            allowed(entry, "tolerance", outcome.check().allowed().relative());
            allowed(entry, "absolute", outcome.check().allowed().absolute());
        }
        entry.put("result", outcome.result().name().toLowerCase(Locale.ROOT));
        if (outcome.message() != null) {
            entry.put("message", cut(outcome.message()));
        }
        return entry;
    }

    private static void allowed(Map<String, Object> entry, String name, BigDecimal value) {
        if (value.signum() > 0) {
            entry.put(name, value);
        }
    }

    private static void put(Map<String, Object> entry, String name, Kind kind, String value) {
        if (value != null) {
            entry.put(name, kind == Kind.CHECKSUM ? value : number(value));
        }
    }

    private static Object number(String value) {
        try {
            BigDecimal number = new BigDecimal(value);
            return Math.abs((long) number.scale()) > 60 || number.precision() > 60 ? value : number;
        } catch (NumberFormatException text) {
            return value;
        }
    }

    static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }

    /** What stands in the way, in words for a person; empty where nothing does. */
    static List<String> faults(List<CheckOutcome> outcomes) {
        List<String> faults = new ArrayList<>();
        for (CheckOutcome outcome : outcomes) {
            if (outcome.result() == Result.FAILED || outcome.result() == Result.ERROR) {
                faults.add(outcome.check().id() + ": " + outcome.message());
            }
        }
        return faults;
    }
}
