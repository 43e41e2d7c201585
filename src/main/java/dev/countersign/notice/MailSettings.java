package dev.countersign.notice;

import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How mail is sent. The server itself is configured by {@code spring.mail.*}.
 *
 * @param from the sender's and organiser's address
 * @param firstRetry wait after the first failed attempt; doubled after each further one, for example {@code PT30S}
 * @param longestRetry the wait grows no longer than this
 * @param giveUpAfter a mail that could not be sent for so long is shown as failed, and can be sent again by hand
 * @param timeout of each step of the conversation with the server
 */
@Validated
@ConfigurationProperties("countersign.mail")
record MailSettings(
        @DefaultValue("countersign@localhost") @Email @NotNull String from,
        @DefaultValue("PT30S") @NotNull Duration firstRetry,
        @DefaultValue("PT15M") @NotNull Duration longestRetry,
        @DefaultValue("P5D") @NotNull Duration giveUpAfter,
        @DefaultValue("PT10S") @NotNull Duration timeout) {

    Duration retryAfter(int attempts) {
        Duration wait = firstRetry.multipliedBy(1L << Math.min(Math.max(attempts - 1, 0), 20));
        return wait.compareTo(longestRetry) > 0 ? longestRetry : wait;
    }
}
