package dev.countersign.notice;

import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.mail.MailSendException;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.stereotype.Component;

/**
 * The way to the mail server. Background work shares few threads, so that a server which hangs must never hold more than a few of
 * them, and one that is down is left alone for a while instead of being asked for every mail.
 */
@Component
final class MailServer {
    private static final int CONVERSATIONS = 2;
    private static final Duration REST = Duration.ofSeconds(15);

    private final JavaMailSender sender;
    private final MailSettings settings;
    private final Clock clock;
    private final Semaphore conversations = new Semaphore(CONVERSATIONS);
    private volatile Trouble trouble;

    /** @param since when it was first noticed; @param until when it is tried again */
    record Trouble(Instant since, Instant until, String message) {}

    MailServer(ObjectProvider<JavaMailSender> sender, MailSettings settings, Clock clock) {
        this.sender = sender.getIfAvailable();
        this.settings = settings;
        this.clock = clock;
        if (this.sender instanceof JavaMailSenderImpl configured) {
            Properties properties = configured.getJavaMailProperties();
            String millis = String.valueOf(settings.timeout().toMillis());
            for (String name : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
                properties.putIfAbsent("mail.smtp." + name, millis);
            }
        }
    }

    boolean isConfigured() {
        return sender != null;
    }

    /** What is wrong with the server; null while it answers, or has not been asked yet. */
    Trouble trouble() {
        return trouble;
    }

    /** Why nothing is sent now, in words. */
    String whyNot() {
        Trouble current = trouble;
        if (sender == null) {
            return "No mail server is configured (spring.mail.host)";
        }
        return current == null ? null : "The mail server does not answer: " + current.message();
    }

    /** Whether it makes sense to talk to the server now. */
    boolean isWorthAsking() {
        Trouble current = trouble;
        return sender != null && (current == null || !clock.instant().isBefore(current.until()));
    }

    /**
     * @throws Busy when others are talking to the server already
     * @throws Refused when the server answers, but not for this message
     * @throws Down when it does not answer, or not as it should
     */
    void send(Mail mail, Delivery delivery) throws Busy, Refused, Down {
        if (!conversations.tryAcquire()) {
            throw new Busy();
        }
        try {
            sender.send(MailMessage.fill(sender.createMimeMessage(), mail, delivery, settings.from()));
            trouble = null;
        } catch (MessagingException unwritable) {
            throw new Refused(unwritable.getMessage(), unwritable);
        } catch (RuntimeException failure) {
            String message = NestedExceptionUtils.getMostSpecificCause(failure).getMessage();
            if (isAboutThisMessage(failure)) {
                throw new Refused(message, failure);
            }
            Instant now = clock.instant();
            trouble = new Trouble(trouble == null ? now : trouble.since(), now.plus(REST), message);
            throw new Down(message, failure);
        } finally {
            conversations.release();
        }
    }

    private static boolean isAboutThisMessage(RuntimeException failure) {
        if (failure instanceof MailSendException sending) {
            for (Exception each : sending.getMessageExceptions()) {
                if (each instanceof SendFailedException) {
                    return true;
                }
            }
        }
        return failure.getCause() instanceof SendFailedException;
    }

    static final class Busy extends Exception {
        private static final long serialVersionUID = 1L;
    }

    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static final class Down extends Exception {
        private static final long serialVersionUID = 1L;

        Down(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
