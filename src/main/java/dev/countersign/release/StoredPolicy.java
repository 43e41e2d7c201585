package dev.countersign.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Checklist;
import dev.countersign.catalog.Slo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The table {@code release_policy}. */
@Component
class StoredPolicy implements PinnedPolicy, PinnedChecklist {
    private static final String OBJECTIVE = "slo";
    private static final String CHECKLIST = "checklist";
    private final JdbcTemplate jdbc;
    private final Catalog catalog;
    private final ObjectMapper json;

    StoredPolicy(JdbcTemplate jdbc, Catalog catalog, ObjectMapper json) {
        this.jdbc = jdbc;
        this.catalog = catalog;
        this.json = json;
    }

    /** Holds what is in force now. Returns the digests by kind and name. */
    Map<String, String> pin(Release release) {
        List<Object[]> rows = new ArrayList<>();
        Map<String, String> digests = new TreeMap<>();
        for (Slo slo : catalog.slosOf(release.service())) {
            rows.add(row(release, OBJECTIVE, slo.name(), slo.digest(), write(slo)));
            digests.put(OBJECTIVE + " " + slo.name(), slo.digest());
        }
        catalog.checklistOf(release.service(), release.environment()).ifPresent((Checklist checklist) -> {
            rows.add(row(release, CHECKLIST, checklist.name(), checklist.digest(), null));
            digests.put(CHECKLIST + " " + checklist.name(), checklist.digest());
        });
        jdbc.batchUpdate(
                "insert into release_policy (release_key, kind, name, digest, content) values (?, ?, ?, ?, ?)", rows);
        return digests;
    }

    private static Object[] row(Release release, String kind, String name, String digest, String content) {
        return Arrays.asList(release.key(), kind, name, digest, content).toArray();
    }

    @Override
    public List<Slo> objectivesOf(Release release) {
        List<Slo> pinned = jdbc.query(
                "select content from release_policy where release_key = ? and kind = ? order by name",
                (row, number) -> read(row.getString(1)),
                release.key(),
                OBJECTIVE);
        return pinned.isEmpty() ? catalog.slosOf(release.service()) : pinned;
    }

    @Override
    public Optional<Version> versionOf(Release release) {
        return jdbc
                .query(
                        "select name, digest from release_policy where release_key = ? and kind = ? order by name",
                        (row, number) -> new Version(row.getString(1), row.getString(2)),
                        release.key(),
                        CHECKLIST)
                .stream()
                .findFirst();
    }

    @Override
    public Optional<Checklist> of(Release release) {
        return versionOf(release).flatMap(version -> catalog.checklist(version.name(), version.digest()));
    }

    @Override
    public boolean hold(Release release) {
        if (versionOf(release).isPresent()) {
            return false;
        }
        Optional<Checklist> now = catalog.checklistOf(release.service(), release.environment());
        now.ifPresent(checklist -> jdbc.update(
                "insert into release_policy (release_key, kind, name, digest, content) values (?, ?, ?, ?, ?)",
                row(release, CHECKLIST, checklist.name(), checklist.digest(), null)));
        return now.isPresent();
    }

    private String write(Slo slo) {
        try {
            return json.writeValueAsString(slo);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException("An objective must be writable as JSON", broken);
        }
    }

    private Slo read(String content) {
        try {
            return json.readValue(content, Slo.class);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("A release holds an objective that is not JSON", broken);
        }
    }
}
