package dev.countersign.incident.reported;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.api.Problem;
import dev.countersign.incident.reported.IncidentIntake.Taken;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/** Where other systems say that there is an incident, and how it goes on. */
@RestController
class IncidentWebhook {
    private static final List<Reports> SYSTEMS =
            List.of(new PagerDutyReports(), new JiraReports(), new ServiceNowReports(), new OwnReports());

    private final ReportedProperties properties;
    private final IncidentIntake intake;
    private final ObjectMapper json;

    IncidentWebhook(ReportedProperties properties, IncidentIntake intake, ObjectMapper json) {
        this.properties = properties;
        this.intake = intake;
        this.json = json;
    }

    /** @param incidents none where the delivery tells of something else */
    record Answer(String source, List<Taken> incidents) {}

    /**
     * 422 where something of it cannot be read: then nothing of it is kept. Repeated, and late, deliveries are harmless.
     */
    @Operation(
            summary = "Take in incidents from PagerDuty, ServiceNow, Jira or our own form",
            description =
                    "PagerDuty signs by `X-PagerDuty-Signature`, Jira by `X-Hub-Signature`; every sender may show its secret as bearer token, or sign by"
                            + " `X-Countersign-Signature: sha256=<HMAC-SHA256 of the body>`. A system may tell of its own incidents only.",
            parameters =
                    @Parameter(
                            name = "source",
                            in = ParameterIn.QUERY,
                            schema = @Schema(type = "string"),
                            description = "pagerduty, servicenow, jira or own, where secret and content leave it open"),
            requestBody = @RequestBody(required = true, content = @Content(schema = @Schema(type = "object"))))
    @PostMapping("/api/webhooks/incidents")
    Answer receive(HttpServletRequest request) throws IOException {
        Map<Source, SharedSecret> secrets = properties.secrets();
        if (secrets.isEmpty()) {
            throw Problem.notFound(
                    "No incidents are taken in here: no countersign.incident.reported.*.webhook-secret is set");
        }
        Sender sender = Sender.of(request);
        if (!sender.saysSomething()) {
            throw unknown();
        }
        byte[] body = body(request);
        Set<Source> proven = sender.proven(secrets, body);
        if (proven.isEmpty()) {
            throw unknown();
        }
        Part document = document(body);
        Reports system = system(document, asked(request), proven);
        List<Report> reports = system.read(document);
        if (reports.size() > properties.maxIncidents()) {
            throw Problem.invalid("", "A delivery tells of at most %d incidents".formatted(properties.maxIncidents()));
        }
        String from = system.source().id();
        return new Answer(from, intake.take(system.source(), from, reports));
    }

    /** From the address itself: asked for a parameter, the server would read a body that is sent as a form, and leave none. */
    private static String asked(HttpServletRequest request) {
        return UriComponentsBuilder.newInstance()
                .query(request.getQueryString())
                .build()
                .getQueryParams()
                .getFirst("source");
    }

    private byte[] body(HttpServletRequest request) throws IOException {
        int most = Math.toIntExact(properties.maxBody().toBytes());
        byte[] body = request.getInputStream().readNBytes(most + 1);
        if (body.length > most) {
            throw Problem.of(HttpStatus.PAYLOAD_TOO_LARGE, "A delivery has at most %d bytes".formatted(most), Map.of());
        }
        return body;
    }

    private Part document(byte[] body) throws IOException {
        try {
            JsonNode document = json.readTree(body);
            if (document == null || !document.isObject()) {
                throw Problem.invalid("", "The body must be a JSON object");
            }
            return Part.root(document);
        } catch (JsonProcessingException broken) {
            throw Problem.invalid("", "The body is not JSON: " + broken.getOriginalMessage());
        }
    }

    /** By what is asked for, else by the content. Nobody tells of another system's incidents. */
    private static Reports system(Part document, String asked, Set<Source> proven) {
        if (asked != null && Source.of(asked).isEmpty()) {
            throw Problem.invalid("/source", "There is no source '%s'".formatted(asked.length() > 40 ? "…" : asked));
        }
        List<Reports> speaking = SYSTEMS.stream()
                .filter(system -> asked == null
                        ? system.speaks(document)
                        : system.source().id().equals(asked))
                .toList();
        if (speaking.isEmpty()) {
            throw Problem.invalid(
                    "", "The body is nothing that PagerDuty, ServiceNow, Jira or our own form sends of incidents");
        }
        return speaking.stream()
                .filter(system -> proven.contains(system.source()))
                .findFirst()
                .orElseThrow(() -> Problem.forbidden("This is of %s, and the secret is that of %s"
                        .formatted(
                                speaking.get(0).source().words(),
                                proven.stream().map(Source::words).collect(Collectors.joining(", ")))));
    }

    private static Problem unknown() {
        Problem problem = Problem.of(HttpStatus.UNAUTHORIZED, "The sender's secret is missing or wrong", Map.of());
        problem.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        return problem;
    }
}
