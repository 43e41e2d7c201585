package dev.countersign.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.api.Problem;
import dev.countersign.identity.Actors;
import dev.countersign.workflow.ReleaseStep;
import dev.countersign.workflow.TaskRefused;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The first step of every release. Through the API the release has been written already; through the start form it is written here, from the form's values, which
 * do not stay in the process.
 */
@Component("registerRelease")
class RegisterRelease extends ReleaseStep {
    private final ObjectProvider<ReleaseOpening> opening;
    private final ObjectProvider<RepositoryService> repository;
    private final ObjectProvider<Releases> releases;
    private final ObjectProvider<Timeline> timeline;
    private final ObjectProvider<Actors> actors;
    private final JdbcClient jdbc;
    private final ObjectMapper json;

    RegisterRelease(
            ObjectProvider<ReleaseOpening> opening,
            ObjectProvider<RepositoryService> repository,
            ObjectProvider<Releases> releases,
            ObjectProvider<Timeline> timeline,
            ObjectProvider<Actors> actors,
            JdbcClient jdbc,
            ObjectMapper json) {
        this.opening = opening;
        this.repository = repository;
        this.releases = releases;
        this.timeline = timeline;
        this.actors = actors;
        this.jdbc = jdbc;
        this.json = json;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        String key = releaseKey;
        if (key == null) {
            key = openFromForm(execution);
            execution.setProcessBusinessKey(key);
        }
        int bound = jdbc.sql("update release set process_instance = ? where key_ = ? and process_instance is null")
                .params(execution.getProcessInstanceId(), key)
                .update();
        if (bound == 0) {
            TaskRefused refusal =
                    TaskRefused.stale("A process for '%s' is started by opening the release, once".formatted(key));
            if (releases.getObject().find(key).isPresent()) {
                timeline.getObject()
                        .refused(
                                key,
                                "release.refused",
                                actors.getObject().current(),
                                "Refused a second process: " + refusal.getMessage(),
                                Map.of());
            }
            throw refusal;
        }
    }

    private String openFromForm(DelegateExecution execution) {
        Map<String, Object> form = new HashMap<>(execution.getVariables());
        execution.removeVariables();
        String policy = repository
                .getObject()
                .getProcessDefinition(execution.getProcessDefinitionId())
                .getDeploymentId();
        try {
            return opening.getObject().register(request(form), policy).key();
        } catch (Problem refusal) {
            throw TaskRefused.invalid("service", refusal.getMessage());
        }
    }

    private OpenRelease request(Map<String, Object> form) {
        List<String> facts = list(form.get("changeFacts"));
        Map<String, Boolean> changes = new HashMap<>();
        ReleaseOpening.CHANGE_FACTS.forEach(fact -> changes.put(fact, facts.contains(fact)));
        Instant start = instant(form, "windowStart");
        Instant end = instant(form, "windowEnd");
        return new OpenRelease(
                text(form, "service"),
                text(form, "version"),
                text(form, "kind"),
                text(form, "summary"),
                null,
                text(form, "commit"),
                null,
                Stream.of(String.valueOf(form.getOrDefault("authors", "")).split("[,\\s]+"))
                        .filter(author -> !author.isBlank())
                        .toList(),
                List.of(new Release.Artifact(text(form, "artifact"), text(form, "digest"))),
                changes,
                start == null && end == null ? null : new OpenRelease.Window(start, end),
                null,
                text(form, "rfc"),
                null,
                text(form, "flag"),
                text(form, "fixes"));
    }

    private List<String> list(Object value) {
        try {
            return value == null ? List.of() : json.readValue(value.toString(), new TypeReference<List<String>>() {});
        } catch (JsonProcessingException broken) {
            throw TaskRefused.invalid("changeFacts", "must be a list of change facts");
        }
    }

    private static String text(Map<String, Object> form, String field) {
        Object value = form.get(field);
        return value == null || value.toString().isBlank()
                ? null
                : value.toString().strip();
    }

    private static Instant instant(Map<String, Object> form, String field) {
        String value = text(form, field);
        try {
            return value == null ? null : OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeParseException broken) {
            throw TaskRefused.invalid(field, "must be a time such as 2026-11-24T20:00+01:00");
        }
    }
}
