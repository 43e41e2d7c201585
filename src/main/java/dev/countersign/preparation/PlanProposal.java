package dev.countersign.preparation;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.preparation.Message.Audience;
import dev.countersign.preparation.Message.Moment;
import dev.countersign.preparation.Message.OnRollback;
import dev.countersign.preparation.Message.State;
import dev.countersign.release.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * What the form of a plan begins with: support is told before users are on it, and those outside whom the catalog names for the service once it is stable.
 * Nothing of it counts before a person has made it final.
 */
@Component
class PlanProposal {
    private static final String PARAGRAPH = "\n\n";
    /** Mail addresses, separated by commas, in the service's catalog file. */
    static final String ANNOUNCE_TO = "countersign.dev/announce-to";

    private final Catalog catalog;

    PlanProposal(Catalog catalog) {
        this.catalog = catalog;
    }

    List<Message> of(Release release) {
        String name = catalog.service(release.service())
                .map(Service::title)
                .filter(title -> !title.isBlank())
                .orElse(release.service());
        String summary = release.summary() == null ? "" : release.summary();
        List<Message> proposed = new ArrayList<>();
        proposed.add(message(
                release,
                1,
                Audience.INTERNAL,
                List.of("support"),
                Moment.ROLLOUT_START,
                "%s %s goes out".formatted(name, release.version()),
                String.join(
                        PARAGRAPH,
                        "%s %s is being rolled out in steps.".formatted(name, release.version()),
                        "What changes: " + summary,
                        "Questions of users that could come from it belong to this release."),
                OnRollback.REPLACE,
                "%s %s was taken back. Users are on the version before it.".formatted(name, release.version())));
        List<String> outside = announceTo(release);
        if (!outside.isEmpty()) {
            proposed.add(message(
                    release,
                    2,
                    Audience.EXTERNAL,
                    outside,
                    Moment.STABLE,
                    "News of %s".formatted(name),
                    String.join(PARAGRAPH, "There is a new version of %s.".formatted(name), summary),
                    OnRollback.CORRECT,
                    "The new version of %s was taken back. You are on the version before it.".formatted(name)));
        }
        return proposed;
    }

    private List<String> announceTo(Release release) {
        return catalog.service(release.service())
                .map(service -> service.annotations().getOrDefault(ANNOUNCE_TO, ""))
                .map(addresses -> Stream.of(addresses.split("[,;\\s]+"))
                        .filter(address -> !address.isEmpty())
                        .toList())
                .orElse(List.of());
    }

    private static Message message(
            Release release,
            int number,
            Audience audience,
            List<String> recipients,
            Moment moment,
            String subject,
            String words,
            OnRollback onRollback,
            String replacement) {
        return new Message(
                0,
                release.key(),
                number,
                audience,
                Message.MAIL,
                recipients,
                "product",
                moment,
                0,
                null,
                subject,
                words,
                onRollback,
                replacement,
                State.DRAFT,
                null,
                null,
                null,
                null);
    }
}
