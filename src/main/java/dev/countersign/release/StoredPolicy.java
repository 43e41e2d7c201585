package dev.countersign.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Checklist;
import dev.countersign.catalog.Slo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code release_policy}. */
@Component
class StoredPolicy implements PinnedPolicy, PinnedChecklist {
    private static final String OBJECTIVE = "slo";
    private static final String CHECKLIST = "checklist";
    private static final String COLUMNS = "release_policy (release_key, kind, name, digest, content)";
    private final JdbcClient jdbc;
    private final Catalog catalog;
    private final ObjectMapper json;
    /** Complete with the checklist; before that one may still be added. */
    private final Remembered<List<Pinned>> complete = new Remembered<>();

    StoredPolicy(JdbcClient jdbc, Catalog catalog, ObjectMapper json) {
        this.jdbc = jdbc;
        this.catalog = catalog;
        this.json = json;
    }

    /** @param content null for a checklist, which the catalog keeps */
    private record Pinned(String kind, String name, String digest, String content) {}

    /** Holds what is in force now. Returns the digests by kind and name. */
    Map<String, String> pin(Release release) {
        Rows rows = new Rows(COLUMNS);
        Map<String, String> digests = new TreeMap<>();
        for (Slo slo : inForce(release)) {
            rows.add(release.key(), OBJECTIVE, slo.name(), slo.digest(), write(slo));
            digests.put(OBJECTIVE + " " + slo.name(), slo.digest());
        }
        catalog.checklistOf(release.service(), release.environment()).ifPresent((Checklist checklist) -> {
            rows.add(release.key(), CHECKLIST, checklist.name(), checklist.digest(), null);
            digests.put(CHECKLIST + " " + checklist.name(), checklist.digest());
        });
        rows.insert(jdbc);
        return digests;
    }

    /** All that a release holds, by name. */
    private List<Pinned> pinned(Release release) {
        return complete.find(release.key()).orElseGet(() -> {
            List<Pinned> rows = List.copyOf(jdbc.sql(
                            "select kind, name, digest, content from release_policy where release_key = ? order by name")
                    .param(release.key())
                    .query((row, number) ->
                            new Pinned(row.getString(1), row.getString(2), row.getString(3), row.getString(4)))
                    .list());
            if (rows.stream().anyMatch(row -> row.kind().equals(CHECKLIST))) {
                complete.keep(release.key(), rows);
            }
            return rows;
        });
    }

    @Override
    public List<Slo> objectivesOf(Release release) {
        List<Slo> pinned = pinned(release).stream()
                .filter(row -> row.kind().equals(OBJECTIVE))
                .map(row -> read(row.content()))
                .toList();
        if (pinned.isEmpty()) {
            return inForce(release);
        }
        return pinned.stream().anyMatch(Slo::refused) ? mended(release, pinned) : pinned;
    }

    /** Nobody can have meant a refused file as it was: what it says since it was mended and approved counts, and until then its fault. */
    private List<Slo> mended(Release release, List<Slo> pinned) {
        List<Slo> now = inForce(release);
        List<Slo> objectives =
                new ArrayList<>(pinned.stream().filter(slo -> !slo.refused()).toList());
        Set<String> files = pinned.stream().filter(Slo::refused).map(Slo::file).collect(Collectors.toSet());
        now.stream().filter(slo -> files.contains(slo.file())).forEach(objectives::add);
        return firstOfEachName(objectives);
    }

    private List<Slo> inForce(Release release) {
        return firstOfEachName(catalog.slosOf(release.service()));
    }

    /** Of two with one name, which the catalog reports, the first counts. */
    private static List<Slo> firstOfEachName(List<Slo> slos) {
        Set<String> names = new HashSet<>();
        return slos.stream().filter(slo -> names.add(slo.name())).toList();
    }

    @Override
    public Optional<Version> versionOf(Release release) {
        return pinned(release).stream()
                .filter(row -> row.kind().equals(CHECKLIST))
                .map(row -> new Version(row.name(), row.digest()))
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
        now.ifPresent(checklist -> {
            Rows row = new Rows(COLUMNS);
            row.add(release.key(), CHECKLIST, checklist.name(), checklist.digest(), null);
            row.insert(jdbc);
        });
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
