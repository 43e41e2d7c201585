package dev.countersign.evidence.change;

import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param url of the instance, {@code https://example.service-now.com}; without it ServiceNow is not asked
 * @param user who may read change_request and sysapproval_approver; left out, the secret is a bearer token
 * @param secret password or token, from the environment; or in a file, {@code secret-file}, read anew for each call
 * @param numberPattern which RFCs of releases are ServiceNow's
 * @param serviceField the field that names the service of the catalog; its display value counts
 * @param versionField the field that names the version
 * @param scheduledStates values of {@code state} that count as approved or scheduled
 */
@ConfigurationProperties("countersign.evidence.servicenow")
record ServiceNowProperties(
        URI url,
        String user,
        String secret,
        Path secretFile,
        @DefaultValue("CHG[0-9]{5,10}") String numberPattern,
        @DefaultValue("cmdb_ci") String serviceField,
        @DefaultValue("u_version") String versionField,
        @DefaultValue({"-2", "-1"}) Set<String> scheduledStates,
        @DefaultValue("PT4S") Duration timeout,
        @DefaultValue("2MB") DataSize maxResponse) {
    ServiceNowProperties {
        BaseAddress.check("countersign.evidence.servicenow.url", url);
        if (url != null && Secret.of("countersign.evidence.servicenow.secret", secret, secretFile) == null) {
            throw new IllegalArgumentException("countersign.evidence.servicenow needs secret or secret-file");
        }
        for (String field : new String[] {serviceField, versionField}) {
            if (!field.matches("[a-z][a-z0-9_.]{0,79}")) {
                throw new IllegalArgumentException("countersign.evidence.servicenow: '" + field + "' is no field");
            }
        }
        scheduledStates = Set.copyOf(scheduledStates);
    }

    Secret credentials() {
        return Secret.of("countersign.evidence.servicenow.secret", secret, secretFile);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "ServiceNowProperties[url=" + url + "]";
    }
}
