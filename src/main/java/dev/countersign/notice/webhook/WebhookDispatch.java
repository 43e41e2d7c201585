package dev.countersign.notice.webhook;

import dev.countersign.notice.webhook.WebhookProperties.Receiver;
import dev.countersign.notice.webhook.WebhookStore.State;
import dev.countersign.notice.webhook.WebhookStore.Waiting;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Brings one stored notice to one receiver. No transaction is open while the receiver is talked to. */
@Component
class WebhookDispatch {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookDispatch.class);

    private final WebhookStore store;
    private final WebhookCall call;
    private final WebhookProperties properties;
    private final Clock clock;

    WebhookDispatch(
            WebhookStore store, WebhookCall call, WebhookProperties properties, Clock clock, MeterRegistry meters) {
        this.store = store;
        this.call = call;
        this.properties = properties;
        this.clock = clock;
        for (State state : new State[] {State.WAITING, State.FAILED}) {
            Gauge.builder("countersign.webhooks", () -> store.count(state))
                    .description("Notices to systems that wait to be delivered, or were given up")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(meters);
        }
    }

    /** Delivers what still waits. Returns after which wait to come again; empty when nothing is left to do. */
    Optional<Duration> send(long id) {
        Waiting waiting = store.find(id).orElseThrow();
        if (waiting.state() != State.WAITING) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Optional<Receiver> receiver = properties.webhooks().stream()
                .filter(one -> one.name().equals(waiting.receiver()))
                .findFirst();
        try {
            if (receiver.isEmpty()) {
                throw new IOException("No receiver " + waiting.receiver() + " is configured any more");
            }
            call.send(receiver.get(), id, waiting.body(), now);
            store.done(id, State.DELIVERED, null, now);
            return Optional.empty();
        } catch (IOException failure) {
            return failed(waiting, String.valueOf(failure.getMessage()), now);
        }
    }

    private Optional<Duration> failed(Waiting waiting, String message, Instant now) {
        if (waiting.createdAt().plus(properties.giveUpAfter()).isBefore(now)) {
            LOG.error("Notice {} to {} is given up: {}", waiting.id(), waiting.receiver(), message);
            store.done(waiting.id(), State.FAILED, message, now);
            return Optional.empty();
        }
        LOG.warn("Notice {} to {} was not delivered: {}", waiting.id(), waiting.receiver(), message);
        store.attempted(waiting.id(), message);
        return Optional.of(properties.retryAfter(waiting.attempts() + 1));
    }
}
