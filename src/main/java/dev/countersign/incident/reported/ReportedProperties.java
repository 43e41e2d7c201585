package dev.countersign.incident.reported;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param pagerduty what PagerDuty signs its webhooks with; a system without a secret is closed
 * @param servicenow shown by ServiceNow as bearer token
 * @param jira what Jira signs its webhooks with
 * @param own of whoever sends our own form
 * @param lookBack releases whose rollout began so long before an incident are suggested
 * @param askFor of incidents that began longer ago than this nobody is asked; they can be attributed on their page
 * @param maxBody of one delivery
 * @param maxIncidents in one delivery
 */
@ConfigurationProperties("countersign.incident.reported")
record ReportedProperties(
        @DefaultValue Hook pagerduty,
        @DefaultValue Hook servicenow,
        @DefaultValue Hook jira,
        @DefaultValue Hook own,
        @DefaultValue("P7D") Duration lookBack,
        @DefaultValue("P30D") Duration askFor,
        @DefaultValue("5MB") DataSize maxBody,
        @DefaultValue("1000") int maxIncidents) {
    private static final int MOST = 1000;

    ReportedProperties {
        if (lookBack.isNegative() || lookBack.isZero() || askFor.isNegative()) {
            throw new IllegalArgumentException(
                    "countersign.incident.reported.look-back is longer than nothing, and ask-for not negative");
        }
        if (maxIncidents < 1 || maxIncidents > MOST) {
            throw new IllegalArgumentException("countersign.incident.reported.max-incidents is 1 to " + MOST);
        }
        // Wrong ones keep the platform from starting.
        List<SharedSecret> secrets =
                List.copyOf(secrets(pagerduty, servicenow, jira, own).values());
        for (int one = 0; one < secrets.size(); one++) {
            for (int other = one + 1; other < secrets.size(); other++) {
                secrets.get(one).checkOtherThan(secrets.get(other));
            }
        }
    }

    /** The systems that are let in. */
    Map<Source, SharedSecret> secrets() {
        return secrets(pagerduty, servicenow, jira, own);
    }

    private static Map<Source, SharedSecret> secrets(Hook pagerduty, Hook servicenow, Hook jira, Hook own) {
        Map<Source, SharedSecret> secrets = new EnumMap<>(Source.class);
        Map.of(Source.PAGERDUTY, pagerduty, Source.SERVICENOW, servicenow, Source.JIRA, jira, Source.OWN, own)
                .forEach((source, hook) -> SharedSecret.of(source.id(), hook.webhookSecret(), hook.webhookSecretFile())
                        .ifPresent(secret -> secrets.put(source, secret)));
        return secrets;
    }

    /**
     * @param webhookSecret shared with the system, at least 16 characters, from the environment
     * @param webhookSecretFile the same in a file, read anew for each delivery
     */
    record Hook(String webhookSecret, Path webhookSecretFile) {
        /** Without the secret. */
        @Override
        public String toString() {
            return "Hook[open=" + (webhookSecret != null || webhookSecretFile != null) + "]";
        }
    }
}
