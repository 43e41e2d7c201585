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
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** ServiceNow's Table API: the record in change_request, its approvals in sysapproval_approver. Times are in UTC in the fields' values. */
@Component
@ConditionalOnProperty("countersign.evidence.servicenow.url")
class ServiceNowSource implements EvidenceSource {
    private static final int PAGE = 100;
    private static final int MOST_APPROVALS = 1000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final String OF_USER = "%1$s.user_name,%1$s.email,%1$s";

    private final ServiceNowProperties properties;
    private final SystemApi api;
    private final Clock clock;

    ServiceNowSource(ServiceNowProperties properties, Clock clock) {
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
        return "servicenow";
    }

    @Override
    public Set<String> types(Asked asked) {
        return ChangeSystems.concerns(asked, properties.numberPattern()) ? Set.of(ChangeDocument.TYPE) : Set.of();
    }

    @Override
    public Answer fetch(Asked asked, Duration within) throws SourceUnavailable, InterruptedException {
        String number = asked.release().rfc();
        if (number == null || number.isBlank()) {
            return Answer.nothing("the release names no change record (rfc)");
        }
        JsonNode found = result(api.json(table(
                "change_request",
                "number=" + number,
                String.join(
                        ",",
                        "sys_id,number,short_description,state,on_hold,start_date,end_date",
                        OF_USER.formatted("requested_by"),
                        OF_USER.formatted("opened_by"),
                        properties.serviceField(),
                        properties.versionField()),
                2,
                0)));
        if (found.size() != 1 || !value(found.get(0), "number").equals(number)) {
            return Answer.nothing(found.isEmpty() ? "it has no record " + number : "it has no single record " + number);
        }
        return Answer.of(List.of(ChangeDocument.of(record(found.get(0)), asked.release(), clock.instant())));
    }

    private ChangeRecord record(JsonNode row) throws SourceUnavailable, InterruptedException {
        List<String> requestedBy = new ArrayList<>(ChangeDocument.names(
                value(row, "requested_by.user_name"), value(row, "requested_by.email"), shown(row, "requested_by")));
        requestedBy.addAll(ChangeDocument.names(
                value(row, "opened_by.user_name"), value(row, "opened_by.email"), shown(row, "opened_by")));
        return new ChangeRecord(
                value(row, "number"),
                shown(row, properties.serviceField()),
                shown(row, properties.versionField()),
                shown(row, "short_description"),
                shown(row, "state") + (isOnHold(row) ? ", on hold" : ""),
                properties.scheduledStates().contains(value(row, "state")) && !isOnHold(row),
                requestedBy.stream().distinct().toList(),
                time(value(row, "start_date")),
                time(value(row, "end_date")),
                approvals(value(row, "sys_id")));
    }

    /** Beside its state: nobody goes on with it until it is taken off hold. */
    private static boolean isOnHold(JsonNode row) {
        return value(row, "on_hold").equals("true");
    }

    private List<Approval> approvals(String record) throws SourceUnavailable, InterruptedException {
        List<Approval> approvals = new ArrayList<>();
        for (int offset = 0; ; offset += PAGE) {
            JsonNode page = result(api.json(table(
                    "sysapproval_approver",
                    "sysapproval=" + record + "^ORDERBYsys_id",
                    "state,sys_updated_on," + OF_USER.formatted("approver"),
                    PAGE,
                    offset)));
            for (JsonNode row : page) {
                String state = value(row, "state");
                // Not asked any more: another approver of the same group answered, or the request was withdrawn.
                if (!state.equals("not_required") && !state.equals("cancelled")) {
                    approvals.add(approval(row, state));
                }
            }
            if (page.size() < PAGE) {
                return approvals;
            }
            if (offset + PAGE >= MOST_APPROVALS) {
                throw new SourceUnavailable("the record has more than %d approvals".formatted(MOST_APPROVALS));
            }
        }
    }

    private static Approval approval(JsonNode row, String state) throws SourceUnavailable {
        String decision = state.equals("approved") ? "approved" : state.equals("rejected") ? "declined" : "pending";
        return new Approval(
                shown(row, "approver"),
                ChangeDocument.names(
                        value(row, "approver.user_name"), value(row, "approver.email"), shown(row, "approver")),
                decision,
                decision.equals("pending") ? null : time(value(row, "sys_updated_on")));
    }

    private static String table(String table, String query, String fields, int limit, int offset) {
        return "/api/now/table/%s?sysparm_query=%s&sysparm_fields=%s&sysparm_display_value=all&sysparm_exclude_reference_link=true&sysparm_limit=%d&sysparm_offset=%d"
                .formatted(table, BaseAddress.segment(query), BaseAddress.segment(fields), limit, offset);
    }

    private static JsonNode result(JsonNode answer) throws SourceUnavailable {
        if (!answer.path("result").isArray()) {
            throw new SourceUnavailable("its answer has no result");
        }
        return answer.path("result");
    }

    private static String value(JsonNode row, String field) {
        return row.path(field).path("value").asText("");
    }

    private static String shown(JsonNode row, String field) {
        return row.path(field).path("display_value").asText("");
    }

    private static Instant time(String text) throws SourceUnavailable {
        try {
            return text.isBlank() ? null : LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException unreadable) {
            throw new SourceUnavailable("it states a time that cannot be read", unreadable);
        }
    }
}
