package dev.countersign.incident.reported;

import jakarta.servlet.http.HttpServletRequest;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.springframework.http.HttpHeaders;

/** Which systems a delivery may be from: those whose secret it shows, or is signed with. Each signs in its own way; all may show a bearer token, or sign in ours. */
record Sender(String bearer, String pagerDuty, String hub, String own) {
    private static final String BEARER = "Bearer ";

    static Sender of(HttpServletRequest request) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        return new Sender(
                authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                        ? authorization.substring(BEARER.length())
                        : null,
                request.getHeader("X-PagerDuty-Signature"),
                request.getHeader("X-Hub-Signature"),
                request.getHeader("X-Countersign-Signature"));
    }

    /** Whether there is anything to look at: of a delivery without it not a byte is read. */
    boolean saysSomething() {
        return bearer != null || pagerDuty != null || hub != null || own != null;
    }

    /** Empty for a stranger. */
    Set<Source> proven(Map<Source, SharedSecret> secrets, byte[] body) {
        Set<Source> proven = EnumSet.noneOf(Source.class);
        secrets.forEach((source, secret) -> {
            if (secret.isShown(bearer)
                    || secret.signed("sha256=", own, body)
                    || source == Source.PAGERDUTY && secret.signed("v1=", pagerDuty, body)
                    || source == Source.JIRA && secret.signed("sha256=", hub, body)) {
                proven.add(source);
            }
        });
        return proven;
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "Sender[]";
    }
}
