package dev.countersign.preparation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.countersign.gate.Gates.Gate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How far a release is prepared. */
public interface Preparations {
    /** Empty for a release that began under models without a preparation. */
    Optional<Preparation> of(String releaseKey);

    /**
     * @param missing what is still missing, in words; empty once the release is prepared
     * @param gates checklist and plan as they stand among the gates of the release
     */
    record Preparation(
            CheckedList checklist, Communication communication, List<String> missing, @JsonIgnore List<Gate> gates) {
        public Preparation {
            missing = List.copyOf(missing);
            gates = List.copyOf(gates);
        }
    }

    /**
     * @param rule the words of the row that says so
     * @param name null where no checklist applies to the service
     * @param version the digest of the checklist's exact bytes
     */
    record CheckedList(
            boolean required, String rule, String name, String title, String version, List<CheckedItem> items) {
        public CheckedList {
            items = List.copyOf(items);
        }
    }

    /**
     * @param asked whether this release asks the role; other items are shown and not ticked
     * @param evidence a link or the sha256 of a document of the release; null where none was given
     * @param document the sha256 where the evidence is a document of the release; null otherwise
     * @param tickedBy null while nobody has
     */
    record CheckedItem(
            String id,
            String text,
            String role,
            boolean needsEvidence,
            boolean asked,
            String tickedBy,
            Instant tickedAt,
            String evidence,
            String document) {}

    /**
     * @param status {@code none}, {@code draft}, {@code final} or {@code outdated}: final once, and something that it was written for has changed
     * @param document the sha256 of the document that the plan was taken from; null where a person wrote it
     * @param noExternalBecause why nobody outside is told; null where somebody is
     */
    record Communication(
            boolean required,
            String rule,
            String status,
            int version,
            String writtenBy,
            Instant writtenAt,
            String document,
            String noExternalBecause,
            List<Announcement> messages) {
        public Communication {
            messages = List.copyOf(messages);
        }
    }

    /**
     * @param audience {@code internal} or {@code external}
     * @param recipients groups, or mail addresses
     * @param moment {@code decided}, {@code rollout-start}, {@code stable} or {@code time}
     * @param dueAt null until its moment has come
     * @param state {@code draft}, {@code planned}, {@code sent}, {@code cancelled}, {@code withdrawn} (a later plan has taken its place)
     *     or {@code replaced}
     */
    record Announcement(
            long id,
            String audience,
            String channel,
            List<String> recipients,
            String owner,
            String moment,
            int delayMinutes,
            Instant dueAt,
            String subject,
            String words,
            String onRollback,
            String replacement,
            String state,
            Instant sentAt,
            Instant endedAt,
            String endedBecause) {
        public Announcement {
            recipients = List.copyOf(recipients);
        }

        /** When it is sent, for a person. */
        public String when() {
            String event =
                    switch (moment) {
                        case "decided" -> "when the decision is GO";
                        case "rollout-start" -> "when the rollout begins";
                        case "stable" -> "when it is stable";
                        default -> "at a time";
                    };
            return delayMinutes == 0 ? event : delayMinutes + " minutes after: " + event;
        }
    }
}
