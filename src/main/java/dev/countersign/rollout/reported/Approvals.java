package dev.countersign.rollout.reported;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.release.ReleaseState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What was approved of some services, and when: read for however many deployments by two statements. */
@Repository
class Approvals {
    private static final Set<String> NONE = Set.of("");
    /** What a release may name as its commit begins with 7 letters; a whole one has 40 or 64. */
    private static final int SHORTEST = 7;

    private static final int LONGEST_BEGINNING = 39;

    private static final String FOUND =
            """
            select r.key_, r.service, r.environment, lower(r.commit_) as commit_, r.artifacts, r.state, r.state_since,
              c.granted_at, case when c.revoked_at < c.valid_until then c.revoked_at else coalesce(c.valid_until, c.revoked_at) end as ended_at
            from release r left join release_clearance c on c.release_key = r.key_
            where r.service in (:services) and (lower(r.commit_) in (:commits)""";
    private static final String IN_ORDER = ") order by r.opened_at, r.key_, c.id";

    private final JdbcClient jdbc;
    private final ObjectMapper json;

    Approvals(JdbcClient jdbc, ObjectMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** @param until null while it lasts */
    record Span(Instant from, Instant until) {
        boolean contains(Instant time) {
            return !time.isBefore(from) && (until == null || time.isBefore(until));
        }
    }

    /**
     * A release that could account for a deployment.
     *
     * @param cleared when it held a clearance
     * @param stable from when on it was the stable version, until another one was; null where it never became it
     * @param gaveUpAt when it was aborted, rejected or rolled back; null otherwise
     */
    record Approved(
            String release,
            String service,
            String environment,
            String commit,
            Set<String> digests,
            ReleaseState state,
            List<Span> cleared,
            Span stable,
            Instant gaveUpAt) {
        /** Forward by a clearance of that moment; back, or again, to the version that was stable then (decision 0019). */
        boolean covers(Instant began) {
            if (stable != null && !began.isBefore(stable.from())) {
                return stable.contains(began);
            }
            return (gaveUpAt == null || began.isBefore(gaveUpAt))
                    && cleared.stream().anyMatch(span -> span.contains(began));
        }

        /** Whatever is named has to agree; a commit alone counts only where no artifact is named, since one commit is built more than once. */
        boolean carries(String commit, String digest) {
            return (commit != null || digest != null) && isOf(commit) && isOf(digest, digests);
        }

        /** Why it carries only a part of what is named; null where it carries all of it, or nothing. */
        String carriesInPart(String commit, String digest) {
            if (commit != null && commit.length() > this.commit.length() && commit.startsWith(this.commit)) {
                return "names only %s, the beginning of a commit: what it was is not known".formatted(this.commit);
            }
            if (commit == null || digest == null || isOf(commit) == isOf(digest, digests)) {
                return null;
            }
            return isOf(commit)
                    ? "is of this commit, but none of its artifacts is " + digest
                    : "has this artifact, but is not of commit " + commit;
        }

        private boolean isOf(String commit) {
            return commit == null || commit.equals(this.commit);
        }

        private static boolean isOf(String digest, Set<String> digests) {
            return digest == null || digests.contains(digest);
        }

        /** Why it does not account for what began then. */
        String against(Instant began) {
            if (stable != null && !began.isBefore(stable.from())) {
                return "another version has become stable since";
            }
            if (gaveUpAt != null && !began.isBefore(gaveUpAt)) {
                return "it was %s then"
                        .formatted(state.name().toLowerCase(Locale.ROOT).replace('_', ' '));
            }
            return "it had no clearance then";
        }
    }

    /** @param commits in small letters */
    List<Approved> of(Collection<String> services, Collection<String> commits, Collection<String> digests) {
        if (services.isEmpty() || (commits.isEmpty() && digests.isEmpty())) {
            return List.of();
        }
        Map<String, String> patterns = new LinkedHashMap<>();
        digests.forEach(digest -> patterns.put("digest" + patterns.size(), "%" + digest + "%"));
        String carrying = patterns.keySet().stream()
                .map(name -> " or r.artifacts like :" + name)
                .collect(Collectors.joining());
        List<Row> rows = jdbc.sql(FOUND + carrying + IN_ORDER)
                .param("services", services)
                .param("commits", commits.isEmpty() ? NONE : beginnings(commits))
                .params(patterns)
                .query((row, n) -> row(row))
                .list();
        List<Stable> stable = stable(rows.stream().map(Row::service).distinct().toList());
        List<Approved> approved = new ArrayList<>();
        rows.stream()
                .collect(Collectors.groupingBy(Row::key, LinkedHashMap::new, Collectors.toList()))
                .values()
                .forEach(ofOne -> approved.add(approved(ofOne, stable)));
        return approved;
    }

    /** Of releases that name only the beginning of a commit it is said that they do; they account for nothing. */
    private static Set<String> beginnings(Collection<String> commits) {
        return commits.stream()
                .flatMap(commit -> IntStream.concat(
                                IntStream.rangeClosed(SHORTEST, LONGEST_BEGINNING), IntStream.of(commit.length()))
                        .mapToObj(length -> commit.substring(0, length)))
                .collect(Collectors.toSet());
    }

    private Approved approved(List<Row> rows, List<Stable> stable) {
        Row first = rows.get(0);
        List<Span> cleared = rows.stream()
                .filter(row -> row.grantedAt() != null)
                .map(row -> new Span(row.grantedAt(), row.endedAt()))
                .toList();
        Span asStable = first.state() != ReleaseState.STABLE
                ? null
                : new Span(
                        first.stateSince(),
                        stable.stream()
                                .filter(other -> !other.release().equals(first.key())
                                        && other.service().equals(first.service())
                                        && other.environment().equals(first.environment())
                                        && !other.since().isBefore(first.stateSince()))
                                .map(Stable::since)
                                .min(Instant::compareTo)
                                .orElse(null));
        boolean gaveUp = first.state().isFinal() && first.state() != ReleaseState.STABLE;
        return new Approved(
                first.key(),
                first.service(),
                first.environment(),
                first.commit(),
                digests(first.artifacts()),
                first.state(),
                cleared,
                asStable,
                gaveUp ? first.stateSince() : null);
    }

    private record Stable(String release, String service, String environment, Instant since) {}

    private List<Stable> stable(Collection<String> services) {
        return services.isEmpty()
                ? List.of()
                : jdbc.sql(
                                "select key_, service, environment, state_since from release where service in (:services) and state = 'STABLE'")
                        .param("services", services)
                        .query((row, n) -> new Stable(
                                row.getString("key_"),
                                row.getString("service"),
                                row.getString("environment"),
                                time(row, "state_since")))
                        .list();
    }

    private record Row(
            String key,
            String service,
            String environment,
            String commit,
            String artifacts,
            ReleaseState state,
            Instant stateSince,
            Instant grantedAt,
            Instant endedAt) {}

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getString("key_"),
                row.getString("service"),
                row.getString("environment"),
                row.getString("commit_"),
                row.getString("artifacts"),
                ReleaseState.valueOf(row.getString("state")),
                time(row, "state_since"),
                time(row, "granted_at"),
                time(row, "ended_at"));
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private Set<String> digests(String artifacts) {
        try {
            Set<String> digests = new HashSet<>();
            for (JsonNode artifact : json.readTree(artifacts)) {
                digests.add(artifact.path("digest").asText().toLowerCase(Locale.ROOT));
            }
            return digests;
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("Stored artifacts are not readable", broken);
        }
    }
}
