package dev.countersign.workflow.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.workflow.PolicyChanges.Change;
import dev.countersign.workflow.PolicyChanges.InForce;
import dev.countersign.workflow.PolicyChanges.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;

/** Policy sets by content, what is in force, and the changes. */
@Repository
class PolicyVersions {
    private static final String CHANGE =
            "select id, source, digest, state, detected_at, reasons, submitted_by, why, decided_by, decided_at, decision_reason from policy_change ";
    private final JdbcClient jdbc;
    private final ObjectMapper json;
    private final Clock clock;

    PolicyVersions(JdbcClient jdbc, ObjectMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
    }

    Optional<InForce> inForce(String source) {
        return jdbc.sql(
                        "select digest, in_force_since from policy_version where source = ? and id = (select max(id) from policy_version where source = ?)")
                .params(source, source)
                .query((rs, row) -> new InForce(
                        source,
                        rs.getString(1),
                        rs.getObject(2, OffsetDateTime.class).toInstant(),
                        digestsOf(rs.getString(1))))
                .optional();
    }

    private Map<String, String> digestsOf(String set) {
        Map<String, String> files = new TreeMap<>();
        jdbc.sql("select name, content_digest from policy_file where set_digest = ?")
                .param(set)
                .query((RowCallbackHandler) rs -> files.put(rs.getString(1), rs.getString(2)));
        return files;
    }

    /** The files of a set, exactly as they were found. */
    Map<String, byte[]> files(String set) {
        Map<String, byte[]> files = new TreeMap<>();
        jdbc.sql(
                        "select f.name, c.content from policy_file f join policy_content c on c.digest = f.content_digest where f.set_digest = ?")
                .param(set)
                .query((RowCallbackHandler) rs -> files.put(rs.getString(1), rs.getBytes(2)));
        return files;
    }

    Optional<byte[]> fileInForce(String source, String name) {
        return inForce(source).map(InForce::digest).map(this::files).map(files -> files.get(name));
    }

    void putInForce(String source, String digest, Long change) {
        jdbc.sql("insert into policy_version (source, digest, in_force_since, change_id) values (?, ?, ?, ?)")
                .params(source, digest, now(), change)
                .update();
    }

    /** Keeps the files; contents that are known already are not written twice. */
    String keep(Map<String, byte[]> files) {
        String set = Digests.ofSet(files);
        if (exists("select count(*) from policy_file where set_digest = ?", set)) {
            return set;
        }
        files.forEach((name, content) -> {
            String digest = Digests.of(content);
            if (!exists("select count(*) from policy_content where digest = ?", digest)) {
                jdbc.sql("insert into policy_content (digest, content) values (?, ?)")
                        .params(digest, content)
                        .update();
            }
            jdbc.sql("insert into policy_file (set_digest, name, content_digest) values (?, ?, ?)")
                    .params(set, name, digest)
                    .update();
        });
        return set;
    }

    private boolean exists(String count, String digest) {
        return jdbc.sql(count).param(digest).query(Long.class).single() > 0;
    }

    /** @throws org.springframework.dao.DuplicateKeyException where another node has found a change of this source just now */
    long insert(String source, String base, String digest, State state, List<String> reasons) {
        GeneratedKeyHolder key = new GeneratedKeyHolder();
        boolean open = state == State.DETECTED || state == State.REFUSED;
        jdbc.sql(
                        "insert into policy_change (source, base_digest, digest, state, detected_at, reasons, open_slot) values (?, ?, ?, ?, ?, ?, ?)")
                .params(source, base, digest, state.name(), now(), write(reasons), open ? source : null)
                .update(key, "id");
        return Objects.requireNonNull(key.getKey(), "the database gave the change no id")
                .longValue();
    }

    Optional<Change> find(long id) {
        return jdbc.sql(CHANGE + "where id = ?").param(id).query(this::change).optional();
    }

    /** The change of a source that is not decided yet; a refused one counts until the folder changes again. */
    Optional<Change> open(String source) {
        return jdbc.sql(CHANGE + "where open_slot = ?")
                .param(source)
                .query(this::change)
                .optional();
    }

    List<Change> open() {
        return jdbc.sql(CHANGE + "where open_slot is not null order by id")
                .query(this::change)
                .list();
    }

    /** The newest change of a source with this very content, whatever became of it. */
    Optional<Change> newest(String source) {
        return jdbc.sql(CHANGE + "where source = ? order by id desc").param(source).query(this::change).list().stream()
                .findFirst();
    }

    List<Change> list(int limit) {
        return jdbc.sql(CHANGE + "order by id desc limit ?")
                .param(limit)
                .query(this::change)
                .list();
    }

    String baseOf(long id) {
        return jdbc.sql("select base_digest from policy_change where id = ?")
                .param(id)
                .query(String.class)
                .optional()
                .orElse(null);
    }

    void submitted(long id, String by, String why) {
        jdbc.sql("update policy_change set state = ?, submitted_by = ?, why = ? where id = ?")
                .params(State.AWAITING_APPROVAL.name(), by, why, id)
                .update();
    }

    void decided(long id, String by, String reason) {
        jdbc.sql("update policy_change set decided_by = ?, decided_at = ?, decision_reason = ? where id = ?")
                .params(by, now(), reason, id)
                .update();
    }

    /** Ends a change; its slot is free for the next one. */
    void close(long id, State state) {
        jdbc.sql("update policy_change set state = ?, open_slot = null where id = ?")
                .params(state.name(), id)
                .update();
    }

    void refused(long id, List<String> reasons) {
        jdbc.sql("update policy_change set state = ?, reasons = ?, open_slot = null where id = ?")
                .params(State.REFUSED.name(), write(reasons), id)
                .update();
    }

    private Change change(ResultSet rs, int row) throws SQLException {
        return new Change(
                rs.getLong(1),
                rs.getString(2),
                rs.getString(3),
                State.valueOf(rs.getString(4)),
                instant(rs, 5),
                read(rs.getString(6)),
                rs.getString(7),
                rs.getString(8),
                rs.getString(9),
                instant(rs, 10),
                rs.getString(11));
    }

    private static Instant instant(ResultSet rs, int column) throws SQLException {
        OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private OffsetDateTime now() {
        return OffsetDateTime.now(clock);
    }

    private String write(List<String> reasons) {
        try {
            return json.writeValueAsString(reasons);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private List<String> read(String reasons) {
        try {
            return json.readValue(reasons, new TypeReference<>() {});
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
