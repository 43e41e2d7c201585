package dev.countersign.notice;

import dev.countersign.notice.Delivery.State;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.stereotype.Component;

/**
 * Says whether mail gets through. It takes the place of Spring's own indicator of this name, which asks the server at each call and
 * would report the whole platform as down; {@code DEGRADED} does not, because nothing waits for mail.
 */
@Component("mailHealthIndicator")
class MailHealthIndicator implements HealthIndicator {
    private static final Status DEGRADED = new Status("DEGRADED", "mail does not get through");

    private final MailServer server;
    private final MailStore store;
    private final MailDispatch dispatch;

    MailHealthIndicator(MailServer server, MailStore store, MailDispatch dispatch, MeterRegistry meters) {
        this.server = server;
        this.store = store;
        this.dispatch = dispatch;
        for (State state : new State[] {State.WAITING, State.FAILED}) {
            Gauge.builder("countersign.mail", () -> store.count(state))
                    .description("Mails to persons that wait to be sent, or were given up")
                    .tag("state", state.name().toLowerCase(java.util.Locale.ROOT))
                    .register(meters);
        }
    }

    @Override
    public Health health() {
        Health.Builder health = Health.up();
        if (dispatch.keeps()) {
            return health.withDetail("server", "none; the sandbox keeps mail on the page /mail")
                    .build();
        }
        MailServer.Trouble trouble = server.trouble();
        if (!server.isConfigured()) {
            health.status(DEGRADED).withDetail("server", "none; set spring.mail.host. Mail waits and is not lost");
        } else if (trouble != null) {
            health.status(DEGRADED).withDetail("error", trouble.message()).withDetail("since", trouble.since());
        }
        long failed = store.count(State.FAILED);
        if (failed > 0) {
            health.status(DEGRADED);
        }
        return health.withDetail("waiting", store.count(State.WAITING))
                .withDetail("failed", failed)
                .build();
    }
}
