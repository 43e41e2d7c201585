package dev.countersign.evidence.change;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.countersign.evidence.EvidenceSource.Fetched;
import dev.countersign.evidence.change.ChangeRecord.Approval;
import dev.countersign.release.Release;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A change record as a document of our own: what the system states, beside what of the release it is held against. The same record gives the same bytes. */
final class ChangeDocument {
    static final String TYPE = "change-record";
    /** A system states one record of a release: another one replaces it. */
    private static final String PART = "record";

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ChangeDocument() {}

    static Fetched of(ChangeRecord record, Release release, Instant now) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("document", TYPE);
        document.put("subject", Map.of("service", record.service(), "version", record.version()));
        document.put("number", record.number());
        document.put("summary", record.summary());
        document.put("state", record.state());
        document.put("scheduled", record.scheduled());
        document.put("requestedBy", record.requestedBy());
        document.put("start", text(record.start()));
        document.put("end", text(record.end()));
        document.put(
                "approvals",
                record.approvals().stream().map(ChangeDocument::approval).toList());
        document.put("release", release(release));
        document.put("windowGap", gap(record, release, now));
        try {
            return Fetched.state(TYPE, PART, JSON.writeValueAsString(document).getBytes(StandardCharsets.UTF_8), null);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static Map<String, Object> approval(Approval approval) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("approver", approval.approver());
        one.put("names", approval.names());
        one.put("decision", approval.decision());
        one.put("at", text(approval.at()));
        return one;
    }

    private static Map<String, Object> release(Release release) {
        Set<String> involved = new LinkedHashSet<>();
        involved.add(release.requestedBy());
        involved.addAll(release.authors());
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("involved", List.copyOf(involved));
        facts.put("windowStart", text(release.windowStart()));
        facts.put("windowEnd", text(release.windowEnd()));
        return facts;
    }

    /** Why the record's window does not cover the time in which the release rolls out; null where it does. */
    private static String gap(ChangeRecord record, Release release, Instant now) {
        if (record.start() == null || record.end() == null) {
            return "the record names no window";
        }
        Instant from = release.windowStart() == null ? now : release.windowStart();
        Instant to = release.windowEnd() == null ? from : release.windowEnd();
        if (from.isBefore(record.start())) {
            return "the release may start before the record's window opens at " + record.start();
        }
        return to.isAfter(record.end()) ? "the record's window ends at " + record.end() : null;
    }

    private static String text(Instant instant) {
        return instant == null ? null : instant.toString();
    }

    /** All names of one person, small, with the part of an address before the @: so that whoever is meant is found. */
    static List<String> names(String... names) {
        Set<String> all = new LinkedHashSet<>();
        List<String> given = new ArrayList<>();
        for (String name : names) {
            if (name != null && !name.isBlank()) {
                given.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        for (String name : given) {
            all.add(name);
            if (name.indexOf('@') > 0) {
                all.add(name.substring(0, name.indexOf('@')));
            }
        }
        return List.copyOf(all);
    }
}
