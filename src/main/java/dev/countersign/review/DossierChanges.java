package dev.countersign.review;

import dev.countersign.release.Dossiers;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How the material digest moved, so that whoever holds an old one can be told the difference. */
@Component
class DossierChanges {
    private final JdbcClient db;
    private final Json json;
    private final Clock clock;

    DossierChanges(JdbcClient db, Json json, Clock clock) {
        this.db = db;
        this.json = json;
        this.clock = clock;
    }

    private record Change(String before, List<String> parts) {}

    void add(Dossiers.MaterialDossierChanged change) {
        db.sql("insert into review_dossier_change (release_key, before_, now_, parts, at_) values (?,?,?,?,?)")
                .params(Arrays.asList(
                        change.releaseKey(),
                        change.before(),
                        change.now(),
                        json.write(change.changedParts()),
                        OffsetDateTime.now(clock)))
                .update();
    }

    /** Parts that changed since the digest was current; null where it never was one of this release. */
    List<String> since(String releaseKey, String digest) {
        var changes = db.sql("select before_, parts from review_dossier_change where release_key = ? order by id desc")
                .param(releaseKey)
                .query((rs, row) -> new Change(rs.getString("before_"), json.list(rs.getString("parts"))))
                .list();
        var parts = new TreeSet<String>();
        for (Change change : changes) {
            parts.addAll(change.parts());
            if (digest.equals(change.before())) {
                return List.copyOf(parts);
            }
        }
        return null;
    }
}
