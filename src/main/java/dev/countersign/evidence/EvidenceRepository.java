package dev.countersign.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.release.HeldFacts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class EvidenceRepository implements Evidence {
    private final JdbcClient jdbc;
    private static final String EVIDENCE = "evidence";

    private final HeldFacts facts;
    private final ObjectMapper json;

    EvidenceRepository(JdbcClient jdbc, HeldFacts facts, ObjectMapper json) {
        this.jdbc = jdbc;
        this.facts = facts;
        this.json = json;
    }

    @Override
    public List<Document> of(String releaseKey) {
        return facts.read(
                releaseKey,
                EVIDENCE,
                () -> List.copyOf(jdbc.sql("select * from evidence where release_key = ? order by id")
                        .param(releaseKey)
                        .query(this::document)
                        .list()));
    }

    @Override
    public Optional<Document> newest(String releaseKey, String type) {
        List<Document> all = ofType(releaseKey, type);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    @Override
    public List<Document> current(String releaseKey, String type) {
        Map<String, Document> bySource = new LinkedHashMap<>();
        ofType(releaseKey, type).forEach(document -> bySource.put(document.source(), document));
        return new ArrayList<>(bySource.values());
    }

    @Override
    public List<Document> current(String releaseKey, Collection<String> types) {
        Map<List<String>, Document> newest = new LinkedHashMap<>();
        ofTypes(releaseKey, types)
                .forEach(document -> newest.put(List.of(document.type(), document.source()), document));
        List<Document> documents = new ArrayList<>(newest.values());
        if (documents.stream().anyMatch(EvidenceRepository::isRehearsal)) {
            String registered = registeredScripts(releaseKey);
            documents.replaceAll(document -> isRehearsal(document) ? standing(document, registered) : document);
        }
        return documents;
    }

    private List<Document> ofType(String releaseKey, String type) {
        return ofTypes(releaseKey, List.of(type));
    }

    /** Whoever holds the release asks for other types too: all are read at once. */
    private List<Document> ofTypes(String releaseKey, Collection<String> types) {
        return facts.holds(releaseKey)
                ? of(releaseKey).stream()
                        .filter(document -> types.contains(document.type()))
                        .toList()
                : jdbc.sql("select * from evidence where release_key = :release and type in (:types) order by id")
                        .param("release", releaseKey)
                        .param("types", types)
                        .query(this::document)
                        .list();
    }

    /** Which of the releases have a document of the type from any source but one. */
    Set<String> having(Collection<String> releaseKeys, String type, String exceptSource) {
        return releaseKeys.isEmpty()
                ? Set.of()
                : Set.copyOf(jdbc.sql(
                                "select distinct release_key from evidence where release_key in (:releases) and type = :type"
                                        + " and source <> :source")
                        .param("releases", releaseKeys)
                        .param("type", type)
                        .param("source", exceptSource)
                        .query(String.class)
                        .list());
    }

    void insert(String releaseKey, Document document) {
        facts.changed(releaseKey, EVIDENCE);
        jdbc.sql(
                        """
                insert into evidence (release_key, sha256, type, source, bytes, subject, asserted_by, summary, details,
                    complete, gap, findings, received_at, received_by, environment)
                values (:release, :sha256, :type, :source, :bytes, :subject, :assertedBy, :summary, :details,
                    :complete, :gap, :findings, :receivedAt, :receivedBy, :environment)""")
                .param("release", releaseKey)
                .param("sha256", document.sha256())
                .param("type", document.type())
                .param("source", document.source())
                .param("bytes", document.bytes())
                .param("subject", write(document.subject()))
                .param("assertedBy", document.assertedBy())
                .param("summary", write(document.summary()))
                .param("details", write(document.details()))
                .param("complete", document.complete())
                .param("gap", document.gap())
                .param("findings", write(document.findings()))
                .param("receivedAt", document.receivedAt().atOffset(ZoneOffset.UTC))
                .param("receivedBy", document.receivedBy())
                .param("environment", document.environment())
                .update();
    }

    private static boolean isRehearsal(Document document) {
        return document.type().equals("migration-rehearsal");
    }

    private String registeredScripts(String releaseKey) {
        return jdbc.sql("select digest from migration_registration where release_key = ?")
                .param(releaseKey)
                .query(String.class)
                .optional()
                .orElse(null);
    }

    /** Only a rehearsal of the scripts that are registered now shows something. */
    private static Document standing(Document document, String registered) {
        String rehearsed = String.valueOf(document.details().get("scripts"));
        if (rehearsed.equals(registered)) {
            return document;
        }
        return new Document(
                document.sha256(),
                document.type(),
                document.source(),
                document.bytes(),
                document.subject(),
                document.assertedBy(),
                document.summary(),
                document.details(),
                document.complete(),
                "it rehearsed the scripts %s, %s"
                        .formatted(
                                rehearsed,
                                registered == null ? "and none are registered" : "registered are " + registered),
                document.findings(),
                document.receivedAt(),
                document.receivedBy(),
                document.environment());
    }

    /** The source says the same as before, now. */
    void confirm(String releaseKey, Document document, Instant now) {
        jdbc.sql("update evidence set confirmed_at = ? where id = (select max(id) from evidence"
                        + " where release_key = ? and type = ? and source = ? and sha256 = ?)")
                .params(now.atOffset(ZoneOffset.UTC), releaseKey, document.type(), document.source(), document.sha256())
                .update();
    }

    private Document document(ResultSet row, int n) throws SQLException {
        return new Document(
                row.getString("sha256"),
                row.getString("type"),
                row.getString("source"),
                row.getLong("bytes"),
                read(row.getString("subject"), new TypeReference<>() {}),
                row.getString("asserted_by"),
                read(row.getString("summary"), new TypeReference<>() {}),
                read(row.getString("details"), new TypeReference<>() {}),
                row.getBoolean("complete"),
                row.getString("gap"),
                read(row.getString("findings"), new TypeReference<>() {}),
                receivedAt(row),
                row.getString("received_by"),
                row.getString("environment"));
    }

    private static Instant receivedAt(ResultSet row) throws SQLException {
        OffsetDateTime confirmed = row.getObject("confirmed_at", OffsetDateTime.class);
        return (confirmed == null ? row.getObject("received_at", OffsetDateTime.class) : confirmed).toInstant();
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    private <T> T read(String value, TypeReference<T> type) {
        try {
            return json.readValue(value, type);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
