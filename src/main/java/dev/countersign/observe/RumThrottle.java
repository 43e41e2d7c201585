package dev.countersign.observe;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** How much one address may send for one service. On this node and in memory, bounded. */
@Component
class RumThrottle {
    private final RumProperties properties;
    private final Clock clock;
    private final Map<Sender, Credit> credits = new LinkedHashMap<>(256, 0.75f, true);

    RumThrottle(RumProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
    }

    private record Sender(String address, String service) {}

    private record Credit(double left, Instant at) {}

    synchronized boolean admits(String address, String service) {
        Instant now = clock.instant();
        Sender sender = new Sender(address, service);
        Credit credit = credits.getOrDefault(sender, new Credit(properties.burst(), now));
        double earned = Math.max(0, Duration.between(credit.at(), now).toMillis()) / 1000.0 * properties.perSecond();
        double left = Math.min(properties.burst(), credit.left() + earned);
        boolean admitted = left >= 1;
        credits.put(sender, new Credit(admitted ? left - 1 : left, now));
        if (credits.size() > properties.addresses()) {
            credits.remove(credits.keySet().iterator().next());
        }
        return admitted;
    }
}
