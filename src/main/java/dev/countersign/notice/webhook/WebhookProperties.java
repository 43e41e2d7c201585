package dev.countersign.notice.webhook;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Systems that are told beside people. Set by operators only, never by a user of the platform.
 *
 * @param webhooks who is told what
 * @param timeout of one call
 * @param firstRetry wait after the first failed attempt; doubled after each further one
 * @param longestRetry the wait grows no longer than this
 * @param giveUpAfter what could not be delivered for so long is given up, and counted in the metric {@code countersign.webhooks}
 */
@ConfigurationProperties("countersign.notice")
record WebhookProperties(
        @DefaultValue List<Receiver> webhooks,
        @DefaultValue("PT5S") Duration timeout,
        @DefaultValue("PT5S") Duration firstRetry,
        @DefaultValue("PT15M") Duration longestRetry,
        @DefaultValue("P5D") Duration giveUpAfter) {

    private static final int SHORTEST_SECRET = 32;

    WebhookProperties {
        webhooks = List.copyOf(webhooks);
        long names = webhooks.stream().map(Receiver::name).distinct().count();
        if (names != webhooks.size()) {
            throw new IllegalArgumentException("countersign.notice.webhooks: two receivers have the same name");
        }
    }

    /**
     * @param name what the platform calls it; deliveries are kept under it, so it stays the same when the address changes
     * @param url {@code https://…}, or {@code http://…} inside a network that is trusted
     * @param secret shared with the receiver, at least 32 characters, from the environment or a file
     * @param kinds of notices: {@code incident}, {@code escalation}, {@code decision}, …
     */
    record Receiver(String name, URI url, String secret, @DefaultValue({"incident"}) Set<String> kinds) {
        Receiver {
            if (name == null || !name.matches("[a-z][a-z0-9-]{0,38}")) {
                throw new IllegalArgumentException(
                        "countersign.notice.webhooks: a receiver needs a name of small letters, digits and hyphens");
            }
            if (url == null || url.getHost() == null || !Set.of("http", "https").contains(url.getScheme())) {
                throw new IllegalArgumentException(
                        "countersign.notice.webhooks: the receiver %s needs an http or https address".formatted(name));
            }
            if (secret == null || secret.length() < SHORTEST_SECRET) {
                throw new IllegalArgumentException(
                        "countersign.notice.webhooks: the secret of the receiver %s needs at least %d characters"
                                .formatted(name, SHORTEST_SECRET));
            }
            kinds = Set.copyOf(kinds);
        }
    }

    Duration retryAfter(int attempts) {
        Duration wait = firstRetry.multipliedBy(1L << Math.min(Math.max(attempts - 1, 0), 20));
        return wait.compareTo(longestRetry) > 0 ? longestRetry : wait;
    }
}
