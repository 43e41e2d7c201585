package dev.countersign.learning.delivery;

import dev.countersign.incident.AttributedIncidents.AttributedIncident;
import dev.countersign.learning.delivery.Deployment.Reported;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Why a deployment counts for a figure, or does not, in a sentence. */
final class Why {
    private Why() {}

    static String of(Figure figure, Judged one) {
        return switch (figure) {
            case CHANGE_LEAD_TIME -> leadTime(one.deployment());
            case DEPLOYMENT_FREQUENCY -> attempted(one.deployment());
            case CHANGE_FAIL_RATE -> failure(one);
            case FAILED_DEPLOYMENT_RECOVERY_TIME -> recovery(one);
            case REWORK_RATE -> rework(one.deployment());
        };
    }

    private static String leadTime(Deployment one) {
        if (one.leadTime() != null) {
            return "Its commit's time is known";
        }
        return one.committedAt() == null
                ? "Nobody said when it was committed"
                : "Its commit's time is later than its deployment, so it cannot be right";
    }

    private static String attempted(Deployment one) {
        return one.isPastPlatform() ? pastPlatform(one.reported()) : "Its rollout began";
    }

    private static String pastPlatform(Reported reported) {
        return "It went past the platform: %s reported %s"
                .formatted(reported.source(), reported.failed() ? "that it failed" : "it");
    }

    static String failure(Judged one) {
        List<String> reasons = one.failures().stream()
                .map(failure -> switch (failure) {
                    case ROLLED_BACK -> "it was rolled back, and users may have met it";
                    case HOTFIX -> "a hotfix followed it";
                    case INCIDENT -> "a person attributed to it " + incidents(one.incidents());
                    case REPORTED -> one.deployment().reported().source() + " reported that it failed";
                })
                .toList();
        if (!reasons.isEmpty()) {
            return capital(String.join("; ", reasons));
        }
        return one.deployment().wayBack() == null
                ? "No rollback, no hotfix and no incident is known"
                : "It was rolled back before any user met it";
    }

    private static String recovery(Judged one) {
        List<String> parts = new ArrayList<>(List.of(failure(one)));
        if (one.recovery() != null) {
            parts.add(
                    switch (one.recovery()) {
                        case RECOVERED -> "recovered";
                        case OPEN -> "not recovered yet";
                        case NOT_RECORDED -> "nobody recorded when it was put right";
                    });
        }
        return String.join("; ", parts);
    }

    private static String rework(Deployment one) {
        if (one.isHotfix()) {
            return one.fixes() == null ? "A hotfix; it names nothing that it answers" : "A hotfix for " + one.fixes();
        }
        return one.fixes() == null ? "It answers no incident" : "It says that it fixes " + one.fixes();
    }

    private static String incidents(List<AttributedIncident> incidents) {
        return incidents.stream().map(AttributedIncident::name).collect(Collectors.joining(", "));
    }

    private static String capital(String sentence) {
        return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
