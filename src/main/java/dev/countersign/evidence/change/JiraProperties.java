package dev.countersign.evidence.change;

import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param url of Jira with its service desk, {@code https://example.atlassian.net}; without it Jira is not asked
 * @param user mail address of the account on Jira Cloud; left out, the secret is a personal access token
 * @param secret API token, from the environment; or in a file, {@code secret-file}, read anew for each call
 * @param keyPattern which RFCs of releases are keys of Jira issues
 * @param serviceField id of the field that names the service of the catalog, for example {@code customfield_10070}
 * @param versionField id of the field that names the version
 * @param startField id of the field with the planned start
 * @param endField id of the field with the planned end
 * @param scheduledStates names of statuses that count as approved or scheduled
 */
@ConfigurationProperties("countersign.evidence.jira")
record JiraProperties(
        URI url,
        String user,
        String secret,
        Path secretFile,
        @DefaultValue("[A-Z][A-Z0-9_]{1,20}-[0-9]{1,9}") String keyPattern,
        String serviceField,
        String versionField,
        String startField,
        String endField,
        @DefaultValue({"Approved", "Scheduled", "Implementing", "Awaiting implementation"}) Set<String> scheduledStates,
        @DefaultValue("PT4S") Duration timeout,
        @DefaultValue("2MB") DataSize maxResponse) {
    JiraProperties {
        BaseAddress.check("countersign.evidence.jira.url", url);
        if (url != null) {
            if (Secret.of("countersign.evidence.jira.secret", secret, secretFile) == null) {
                throw new IllegalArgumentException("countersign.evidence.jira needs secret or secret-file");
            }
            for (String field : new String[] {serviceField, versionField, startField, endField}) {
                if (field == null || !field.matches("[A-Za-z][A-Za-z0-9_]{0,79}")) {
                    throw new IllegalArgumentException(
                            "countersign.evidence.jira needs service-field, version-field, start-field and end-field: ids like customfield_10070");
                }
            }
        }
        scheduledStates = Set.copyOf(scheduledStates);
    }

    List<String> fields() {
        return List.of("summary", "status", "reporter", "creator", serviceField, versionField, startField, endField);
    }

    Secret credentials() {
        return Secret.of("countersign.evidence.jira.secret", secret, secretFile);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "JiraProperties[url=" + url + "]";
    }
}
