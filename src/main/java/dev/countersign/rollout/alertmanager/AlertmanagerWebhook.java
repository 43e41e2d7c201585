package dev.countersign.rollout.alertmanager;

import dev.countersign.api.Problem;
import dev.countersign.rollout.alertmanager.AlertActions.Done;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import javax.crypto.Mac;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where Alertmanager posts. Traffic is back before it is answered. */
@RestController
class AlertmanagerWebhook {
    private static final Logger LOG = LoggerFactory.getLogger(AlertmanagerWebhook.class);
    private static final int PART = 8192;
    /** Each may take as much room as a delivery may have, before its sender is known. */
    private static final int MOST_UNPROVEN = 4;

    private final Semaphore unproven = new Semaphore(MOST_UNPROVEN);
    private final AlertmanagerProperties properties;
    private final AlertActions actions;
    private final Clock clock;

    AlertmanagerWebhook(AlertmanagerProperties properties, AlertActions actions, Clock clock) {
        this.properties = properties;
        this.actions = actions;
        this.clock = clock;
    }

    /**
     * 500 where some alert was not taken in: Alertmanager sends all of them again, and those that were are known. 422 where some cannot be read: it does not send them
     * again, so what could be read has been done before.
     */
    @PostMapping(path = "/api/webhooks/alertmanager")
    ResponseEntity<Map<String, Object>> receive(HttpServletRequest request) throws IOException {
        Instant received = clock.instant();
        Delivery delivery = delivery(request);
        List<Done> done = new ArrayList<>();
        delivery.alerts().forEach(alert -> done.addAll(actions.take(alert, received)));
        if (delivery.cut()) {
            LOG.error(
                    "Alertmanager sent more than {} bytes: {} alerts were read, and not what follows",
                    properties.maxBody().toBytes(),
                    delivery.alerts().size());
            done.addAll(actions.cut(properties.maxBody(), received));
        }
        if (delivery.truncated() > 0) {
            LOG.warn("Alertmanager left out {} alerts of a group", delivery.truncated());
            actions.truncated(delivery, done);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("alerts", done);
        answer.put("truncatedAlerts", delivery.truncated());
        if (!delivery.faults().isEmpty()) {
            LOG.error(
                    "Alertmanager sent {} alerts that cannot be read",
                    delivery.faults().size());
            actions.unreadable(delivery.faults().size(), done);
            answer.put(
                    "errors",
                    delivery.faults().stream()
                            .flatMap(fault -> fault.errors().stream())
                            .toList());
        }
        boolean failed = done.stream().anyMatch(each -> each.outcome().equals("FAILED"));
        if (!failed && delivery.cut()) {
            throw Problem.of(
                    HttpStatus.PAYLOAD_TOO_LARGE,
                    "Of a delivery %d bytes are read: the alerts of that part were taken in, and what users meet is halted for the others"
                            .formatted(properties.maxBody().toBytes()),
                    answer);
        }
        if (!failed && !delivery.faults().isEmpty()) {
            throw Problem.of(
                    HttpStatus.UNPROCESSABLE_ENTITY,
                    "Of %d alerts %d cannot be read; the others were taken in"
                            .formatted(
                                    delivery.alerts().size() + delivery.faults().size(),
                                    delivery.faults().size()),
                    answer);
        }
        return ResponseEntity.status(failed ? HttpStatus.INTERNAL_SERVER_ERROR : HttpStatus.OK)
                .body(answer);
    }

    private Delivery delivery(HttpServletRequest request) throws IOException {
        if (properties.secret() == null) {
            throw Problem.notFound("No alerts are taken in here: countersign.rollout.alertmanager.secret is not set");
        }
        Sender sender = new Sender(properties.secret());
        String signature = request.getHeader("X-Countersign-Signature");
        boolean bearer = sender.knowsSecret(request.getHeader(HttpHeaders.AUTHORIZATION));
        if (!bearer && signature == null) {
            throw unknown();
        }
        Bounded body =
                new Bounded(request.getInputStream(), properties.maxBody().toBytes());
        if (bearer) {
            return Delivery.read(body);
        }
        if (!unproven.tryAcquire()) {
            throw Problem.of(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "%d signed deliveries are being read: send it again".formatted(MOST_UNPROVEN),
                    Map.of());
        }
        try {
            return signed(body, sender, signature);
        } finally {
            unproven.release();
        }
    }

    /** Nothing acts before all of it has been seen, and nobody fills the memory who has not shown to know the secret. */
    private static Delivery signed(Bounded body, Sender sender, String signature) throws IOException {
        Path kept = Files.createTempFile("alerts", ".json");
        try {
            Mac mac = sender.mac();
            try (OutputStream out = Files.newOutputStream(kept)) {
                byte[] part = new byte[PART];
                for (int read = body.read(part, 0, PART); read >= 0; read = body.read(part, 0, PART)) {
                    mac.update(part, 0, read);
                    out.write(part, 0, read);
                }
            } catch (TooLong refused) {
                LOG.error("A signed delivery of alerts is refused: {}", refused.getMessage());
                throw Problem.of(
                        HttpStatus.PAYLOAD_TOO_LARGE, refused.getMessage() + " cannot be signed: send less", Map.of());
            }
            if (!sender.signed(signature, mac)) {
                throw unknown();
            }
            try (InputStream in = Files.newInputStream(kept)) {
                return Delivery.read(in);
            }
        } finally {
            Files.delete(kept);
        }
    }

    private static Problem unknown() {
        Problem problem =
                Problem.of(HttpStatus.UNAUTHORIZED, "The secret of Alertmanager is missing or wrong", Map.of());
        problem.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        return problem;
    }
}
