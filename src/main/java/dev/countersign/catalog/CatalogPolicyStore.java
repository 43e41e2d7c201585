package dev.countersign.catalog;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Every version of a policy file that was ever in force, and which one is now. */
@Repository
class CatalogPolicyStore {
    private final JdbcClient jdbc;
    private final Clock clock;

    CatalogPolicyStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @param kind {@code slo}, {@code checklist}, {@code integrity}, {@code rotation}, {@code journey}, {@code capacity}, {@code kpi} or {@code canary}; @param name the file */
    record Key(String kind, String name, String digest) {}

    record Version(Key key, SourceFile file) {}

    boolean isEmpty() {
        return jdbc.sql("select count(*) from catalog_policy").query(Long.class).single() == 0;
    }

    List<Key> active() {
        return jdbc.sql("select kind, name, digest from catalog_policy_active order by kind, name")
                .query((rs, row) -> new Key(rs.getString(1), rs.getString(2), rs.getString(3)))
                .list();
    }

    List<Version> activeVersions() {
        return jdbc.sql(
                        """
                        select p.kind, p.name, p.digest, p.content from catalog_policy p
                        join catalog_policy_active a on a.kind = p.kind and a.name = p.name and a.digest = p.digest
                        order by p.kind, p.name""")
                .query((rs, row) -> version(rs.getString(1), rs.getString(2), rs.getString(3), rs.getString(4)))
                .list();
    }

    Optional<SourceFile> find(String kind, String digest) {
        return jdbc
                .sql("select name, content from catalog_policy where kind = ? and digest = ? order by name")
                .params(kind, digest)
                .query((rs, row) ->
                        version(kind, rs.getString(1), digest, rs.getString(2)).file())
                .list()
                .stream()
                .findFirst();
    }

    /** Every version of the kind, oldest first. */
    List<Stamped> versions(String kind) {
        return jdbc.sql(
                        "select name, digest, content, activated_at, activated_by from catalog_policy where kind = ? order by activated_at, name")
                .param(kind)
                .query((rs, row) -> new Stamped(
                        version(kind, rs.getString(1), rs.getString(2), rs.getString(3))
                                .file(),
                        rs.getObject(4, OffsetDateTime.class),
                        rs.getString(5)))
                .list();
    }

    /** @param at when it was first in force */
    record Stamped(SourceFile file, OffsetDateTime at, String by) {}

    /** All or nothing: of two nodes that start on an empty database, one wins. */
    @Transactional
    public void activateFirst(Map<String, List<SourceFile>> byKind, String actor) {
        // In one order, so that two nodes that start together do not wait for each other.
        new TreeMap<>(byKind).forEach((kind, files) -> activate(kind, files, actor));
    }

    /** Puts these versions in force beside the other files of the kind. */
    private void activate(String kind, List<SourceFile> files, String actor) {
        OffsetDateTime now = OffsetDateTime.now(clock);
        for (SourceFile file : files) {
            boolean known = jdbc.sql("select count(*) from catalog_policy where kind = ? and name = ? and digest = ?")
                            .params(kind, file.name(), file.digest())
                            .query(Long.class)
                            .single()
                    > 0;
            if (!known) {
                jdbc.sql(
                                "insert into catalog_policy (kind, name, digest, content, activated_at, activated_by) values (?, ?, ?, ?, ?, ?)")
                        .params(kind, file.name(), file.digest(), file.text(), now, actor)
                        .update();
            }
            int updated = jdbc.sql(
                            "update catalog_policy_active set digest = ?, activated_at = ?, activated_by = ? where kind = ? and name = ?")
                    .params(file.digest(), now, actor, kind, file.name())
                    .update();
            if (updated == 0) {
                jdbc.sql(
                                "insert into catalog_policy_active (kind, name, digest, activated_at, activated_by) values (?, ?, ?, ?, ?)")
                        .params(kind, file.name(), file.digest(), now, actor)
                        .update();
            }
        }
    }

    /** Puts exactly these files of the kind in force; the versions of others stay readable. The same files again change nothing. */
    @Transactional
    public void replace(String kind, List<SourceFile> files, String actor) {
        Map<String, String> before = active().stream()
                .filter(key -> key.kind().equals(kind))
                .collect(Collectors.toMap(Key::name, Key::digest));
        List<SourceFile> changed = new ArrayList<>();
        for (SourceFile file : files) {
            String digest = before.remove(file.name());
            if (!file.digest().equals(digest)) {
                changed.add(file);
            }
        }
        activate(kind, changed, actor);
        for (String name : before.keySet()) {
            jdbc.sql("delete from catalog_policy_active where kind = ? and name = ?")
                    .params(kind, name)
                    .update();
        }
    }

    private static Version version(String kind, String name, String digest, String content) {
        return new Version(new Key(kind, name, digest), new SourceFile(name, content.getBytes(StandardCharsets.UTF_8)));
    }
}
