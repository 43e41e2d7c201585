package dev.countersign.evidence.change;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.EvidenceSource;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.change.ChangeRecord.Approval;
import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.Secret;
import dev.countersign.evidence.http.SystemApi;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Jira Service Management: the issue by the platform's API (version 2, which Cloud and Data Center both have), its approvals by the service desk's. */
@Component
@ConditionalOnProperty("countersign.evidence.jira.url")
class JiraSource implements EvidenceSource {
    private static final int PAGE = 50;
    private static final int MOST_APPROVALS = 500;
    /** Jira writes the offset without a colon. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm[:ss][.SSS][XXX][XX]");

    private final JiraProperties properties;
    private final SystemApi api;
    private final Clock clock;

    JiraSource(JiraProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
        Secret secret = properties.credentials();
        String user = properties.user();
        this.api = new SystemApi(
                properties.url(),
                () -> Map.of("Accept", "application/json", "Authorization", secret.authorization(user)),
                properties.timeout(),
                properties.maxResponse().toBytes(),
                clock);
    }

    @Override
    public String name() {
        return "jira";
    }

    @Override
    public Set<String> types(Asked asked) {
        return ChangeSystems.concerns(asked, properties.keyPattern()) ? Set.of(ChangeDocument.TYPE) : Set.of();
    }

    @Override
    public Answer fetch(Asked asked, Duration within) throws SourceUnavailable, InterruptedException {
        String key = asked.release().rfc();
        if (key == null || key.isBlank()) {
            return Answer.nothing("the release names no change record (rfc)");
        }
        Optional<SystemApi.Page> issue = api.page("/rest/api/2/issue/%s?fields=%s"
                .formatted(BaseAddress.segment(key), BaseAddress.segment(String.join(",", properties.fields()))));
        if (issue.isEmpty()) {
            return Answer.nothing("it has no issue " + key);
        }
        JsonNode body = issue.get().body();
        // An issue that was moved answers under its old key too.
        if (!body.path("key").asText("").equals(key)) {
            return Answer.nothing("the issue %s is another one now".formatted(key));
        }
        return Answer.of(
                List.of(ChangeDocument.of(record(key, body.path("fields")), asked.release(), clock.instant())));
    }

    private ChangeRecord record(String key, JsonNode fields) throws SourceUnavailable, InterruptedException {
        List<String> requestedBy = new ArrayList<>(names(fields.path("reporter")));
        requestedBy.addAll(names(fields.path("creator")));
        String state = fields.path("status").path("name").asText("");
        return new ChangeRecord(
                key,
                text(fields.path(properties.serviceField())),
                text(fields.path(properties.versionField())),
                fields.path("summary").asText(""),
                state,
                properties.scheduledStates().contains(state),
                requestedBy.stream().distinct().toList(),
                time(fields.path(properties.startField()).asText("")),
                time(fields.path(properties.endField()).asText("")),
                approvals(key));
    }

    private List<Approval> approvals(String key) throws SourceUnavailable, InterruptedException {
        List<Approval> approvals = new ArrayList<>();
        for (int start = 0; ; start += PAGE) {
            JsonNode page = api.json("/rest/servicedeskapi/request/%s/approval?start=%d&limit=%d"
                    .formatted(BaseAddress.segment(key), start, PAGE));
            if (!page.path("values").isArray()) {
                throw new SourceUnavailable("its answer has no approvals");
            }
            for (JsonNode one : page.path("values")) {
                add(one, approvals);
            }
            if (page.path("isLastPage").asBoolean(false)) {
                return approvals;
            }
            if (page.path("values").isEmpty() || approvals.size() >= MOST_APPROVALS) {
                throw new SourceUnavailable("its list of approvals does not end");
            }
        }
    }

    /** An approval names several people, and says itself when it has enough of them: those who did not answer are not waited for then. */
    private static void add(JsonNode approval, List<Approval> approvals) throws SourceUnavailable {
        String decided = decision(approval.path("finalDecision").asText("pending"));
        Instant at = time(approval.path("completedDate").path("iso8601").asText(""));
        int before = approvals.size();
        for (JsonNode one : approval.path("approvers")) {
            String decision = decision(one.path("approverDecision").asText("pending"));
            if (decision.equals(decided)) {
                JsonNode person = one.path("approver");
                approvals.add(new Approval(
                        person.path("displayName").asText(""),
                        names(person),
                        decision,
                        decision.equals("pending") ? null : at));
            }
        }
        if (approvals.size() == before) {
            // Decided, and by nobody that it lists: not shown to be given by anybody.
            approvals.add(new Approval(
                    approval.path("name").asText("approval"),
                    List.of(),
                    decided.equals("declined") ? "declined" : "pending",
                    at));
        }
    }

    private static String decision(String jira) {
        return jira.equals("approved") ? "approved" : jira.equals("declined") ? "declined" : "pending";
    }

    private static List<String> names(JsonNode person) {
        return ChangeDocument.names(
                person.path("accountId").asText(null),
                person.path("name").asText(null),
                person.path("key").asText(null),
                person.path("emailAddress").asText(null),
                person.path("displayName").asText(null));
    }

    /** Text, or the value of a chosen option. */
    private static String text(JsonNode field) {
        JsonNode one = field.isArray() && field.size() == 1 ? field.get(0) : field;
        return one.isObject()
                ? one.path("value").asText(one.path("name").asText(""))
                : one.isArray() ? "" : one.asText("");
    }

    private static Instant time(String text) throws SourceUnavailable {
        try {
            return text.isBlank() || text.equals("null")
                    ? null
                    : OffsetDateTime.parse(text, TIME).toInstant();
        } catch (DateTimeException unreadable) {
            throw new SourceUnavailable("it states a time that cannot be read", unreadable);
        }
    }
}
