package dev.countersign.evidence.change;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param enabled whether the platform keeps change records itself; left out, it does where neither ServiceNow nor Jira is asked
 * @param approvers groups; somebody of each approves every record
 */
@ConfigurationProperties("countersign.evidence.register")
record RegisterProperties(Boolean enabled, @DefaultValue({"head-of-operations", "compliance"}) List<String> approvers) {
    RegisterProperties {
        approvers = List.copyOf(approvers);
        if (approvers.isEmpty() || approvers.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("countersign.evidence.register.approvers names at least one group");
        }
    }
}
