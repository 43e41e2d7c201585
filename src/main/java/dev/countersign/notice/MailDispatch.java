package dev.countersign.notice;

import dev.countersign.identity.People;
import dev.countersign.identity.People.Addressee;
import dev.countersign.notice.Delivery.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Brings one stored mail to its people. No transaction is open while the mail server is talked to. */
@Component
class MailDispatch {
    private static final Logger LOG = LoggerFactory.getLogger(MailDispatch.class);
    private static final Duration BUSY = Duration.ofSeconds(2);

    private final MailStore store;
    private final MailServer server;
    private final MailSettings settings;
    private final People people;
    private final Clock clock;
    private final TransactionTemplate transaction;
    private final boolean keeps;

    MailDispatch(
            MailStore store,
            MailServer server,
            MailSettings settings,
            People people,
            Clock clock,
            TransactionTemplate transaction,
            @Value("${countersign.sandbox.enabled:false}") boolean sandbox) {
        this.store = store;
        this.server = server;
        this.settings = settings;
        this.people = people;
        this.clock = clock;
        this.transaction = transaction;
        this.keeps = sandbox && !server.isConfigured();
        if (!sandbox && !server.isConfigured()) {
            LOG.warn("No mail server is configured (spring.mail.host): mail waits until there is one");
        }
    }

    /** Sends what is still to be sent. Returns after which wait to come again; empty when nothing is left to do. */
    Optional<Duration> send(long id) {
        Mail mail = store.find(id).orElseThrow();
        if (mail.addressedAt() == null) {
            transaction.executeWithoutResult(status -> address(mail));
        }
        List<Delivery> waiting = store.deliveriesOf(id).stream()
                .filter(delivery -> delivery.state() == State.WAITING)
                .toList();
        if (waiting.isEmpty()) {
            return Optional.empty();
        }
        if (isTooOld(mail)) {
            waiting.forEach(delivery -> giveUp(mail, delivery));
            return Optional.empty();
        }
        return attempt(mail, waiting);
    }

    /** Whether mail is kept for the page instead of being sent: in the sandbox without a mail server. */
    boolean keeps() {
        return keeps;
    }

    private Optional<Duration> attempt(Mail mail, List<Delivery> waiting) {
        Optional<Duration> again = Optional.empty();
        for (Delivery delivery : waiting) {
            if (!server.isWorthAsking()) {
                store.failed(delivery.id(), server.whyNot());
                again = Optional.of(settings.retryAfter(mail.attempts() + 1));
                continue;
            }
            try {
                server.send(mail, delivery);
                store.done(delivery.id(), State.SENT, null, clock.instant());
            } catch (MailServer.Busy busy) {
                return Optional.of(BUSY);
            } catch (MailServer.Refused | MailServer.Down failure) {
                LOG.warn("Mail {} to {} was not sent: {}", mail.id(), delivery.person(), failure.getMessage());
                store.failed(delivery.id(), failure.getMessage());
                again = Optional.of(settings.retryAfter(mail.attempts() + 1));
            }
        }
        if (again.isPresent()) {
            store.attempted(mail.id());
        }
        return again;
    }

    private void address(Mail mail) {
        recipients(mail).forEach((id, person) -> store.add(delivery(mail, id, person)));
        mail.addresses().forEach(address -> store.add(delivery(mail, address, new Addressee(address, null, address))));
        store.addressed(mail.id(), clock.instant());
    }

    /** Each person once, whatever groups they are in; null for an id that nobody knows. */
    private Map<String, Addressee> recipients(Mail mail) {
        var all = new TreeMap<String, Addressee>();
        people.inGroups(mail.groups()).forEach(person -> all.put(person.id(), person));
        mail.people()
                .forEach(id -> all.computeIfAbsent(id, unknown -> people.find(id)
                        .map(person -> new Addressee(person.id(), person.name(), person.email()))
                        .orElse(null)));
        mail.people().forEach(id -> all.putIfAbsent(id, null));
        return all;
    }

    private Delivery delivery(Mail mail, String id, Addressee person) {
        String address =
                person == null || person.email() == null || person.email().isBlank() ? null : person.email();
        String name = person == null || person.name() == null ? id : person.name();
        State state = keeps ? State.KEPT : address == null ? State.FAILED : State.WAITING;
        String error = address == null ? "No mail address is known for " + id : null;
        Instant done = state == State.WAITING ? null : clock.instant();
        return new Delivery(
                0, mail.id(), id, name, address, messageId(), calendar(mail, name, address), state, error, done);
    }

    private String calendar(Mail mail, String name, String address) {
        if (mail.invitation() == null || address == null) {
            return null;
        }
        return CalendarFile.of(mail.invitation(), mail.text(), settings.from(), name, address, mail.createdAt());
    }

    private String messageId() {
        return "<%s@%s>".formatted(UUID.randomUUID(), settings.from().replaceAll(".*@", ""));
    }

    private boolean isTooOld(Mail mail) {
        return mail.tryingSince().plus(settings.giveUpAfter()).isBefore(clock.instant());
    }

    private void giveUp(Mail mail, Delivery delivery) {
        LOG.error("Mail {} to {} is given up: {}", mail.id(), delivery.person(), delivery.lastError());
        store.done(delivery.id(), State.FAILED, delivery.lastError(), clock.instant());
    }
}
