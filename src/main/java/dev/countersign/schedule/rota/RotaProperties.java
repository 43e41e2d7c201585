package dev.countersign.schedule.rota;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;

/**
 * @param rotas by the name that a service's annotation {@code countersign.dev/rota} gives
 * @param pagerduty where rotas that PagerDuty keeps are asked
 */
@ConfigurationProperties("countersign.schedule")
record RotaProperties(@DefaultValue Map<String, Kept> rotas, @DefaultValue PagerDuty pagerduty) {
    RotaProperties {
        rotas = Map.copyOf(rotas);
        rotas.forEach((name, kept) -> {
            if (kept.calendars().isEmpty() == (kept.escalationPolicy() == null)) {
                throw new IllegalArgumentException(
                        "countersign.schedule.rotas." + name
                                + " needs either calendars (one iCalendar file a level) or escalation-policy (its id in PagerDuty)");
            }
            if (kept.escalationPolicy() != null && pagerduty.tokenFile() == null) {
                throw new IllegalArgumentException(
                        "countersign.schedule.rotas." + name
                                + " is kept by PagerDuty: countersign.schedule.pagerduty.token-file must name a file with its API token");
            }
        });
    }

    /**
     * @param calendars iCalendar files, read anew at each question; the first is called first
     * @param zone of times in the files that name none
     * @param escalationPolicy id in PagerDuty
     */
    record Kept(@DefaultValue List<Resource> calendars, @DefaultValue("UTC") ZoneId zone, String escalationPolicy) {
        Kept {
            calendars = List.copyOf(calendars);
            if (escalationPolicy != null && !escalationPolicy.matches("[A-Za-z0-9]{1,40}")) {
                throw new IllegalArgumentException("'" + escalationPolicy + "' is no id of PagerDuty");
            }
        }
    }

    /**
     * @param url of the API, named by operators only
     * @param tokenFile with an API token that may read; read anew for each call
     * @param timeout of one call, its whole answer included
     * @param keep how long an answer is used
     */
    record PagerDuty(
            @DefaultValue("https://api.pagerduty.com") URI url,
            Path tokenFile,
            @DefaultValue("PT3S") Duration timeout,
            @DefaultValue("PT1M") Duration keep) {
        PagerDuty {
            if (!Set.of("http", "https").contains(String.valueOf(url.getScheme()))
                    || url.getHost() == null
                    || url.getUserInfo() != null
                    || url.getQuery() != null) {
                throw new IllegalArgumentException(
                        "countersign.schedule.pagerduty.url must be http(s)://host[:port][/path], without a user in it");
            }
        }
    }
}
