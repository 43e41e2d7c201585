package dev.countersign.evidence;

import dev.countersign.api.Problem;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.reader.Reading;
import dev.countersign.identity.Actors;
import dev.countersign.identity.People;
import dev.countersign.identity.Role;
import dev.countersign.release.Release;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Whose word takes the place of whose. A pipeline's and the platform's stand until such a sender says something newer, an author replaces nobody else's,
 * and what excuses vulnerabilities comes from the pipeline or from security: else a failed gate would be a matter of one upload.
 */
@Component
class Succession {
    private final Actors actors;
    private final People people;

    Succession(Actors actors, People people) {
        this.actors = actors;
        this.people = people;
    }

    /** @param counting documents of the type that count now */
    void require(Release release, List<Document> counting, String source, String sender) {
        if (sender.equals(Actors.PLATFORM) || actors.has(Role.CI)) {
            return;
        }
        counting.stream()
                .filter(document -> document.source().equals(source)
                        && !document.receivedBy().equals(sender))
                .findFirst()
                .filter(earlier -> !isPersons(earlier) || release.authors().contains(sender))
                .ifPresent(earlier -> {
                    throw Problem.of(
                            HttpStatus.CONFLICT,
                            ("what %s sent as '%s' is not replaced by %s: it is replaced when that pipeline sends it again;"
                                            + " under a source= of its own a document stands beside it")
                                    .formatted(earlier.receivedBy(), source, sender),
                            Map.of("sha256", earlier.sha256()));
                });
    }

    /** An account that has gone was nobody's as far as anybody knows. */
    private boolean isPersons(Document document) {
        return !document.receivedBy().equals(Actors.PLATFORM)
                && people.find(document.receivedBy())
                        .filter(person -> !person.groups().contains(Role.CI.id()))
                        .isPresent();
    }

    void requireExcusable(Release release, Reading reading) {
        boolean excuses = reading.details().get("statements") instanceof List<?> statements
                && statements.stream()
                        .anyMatch(one -> one instanceof Map<?, ?> said && Boolean.TRUE.equals(said.get("excuses")));
        boolean entitled = actors.has(Role.CI)
                || ((actors.has(Role.SECURITY) || actors.has(Role.HEAD_OF_SECURITY))
                        && !release.authors().contains(actors.current()));
        if (excuses && !entitled) {
            throw Problem.forbidden(
                    "It says of vulnerabilities that they do not affect the release. Such statements come from the pipeline, or from"
                            + " security where they are not the change's author; anybody else asks for a waiver of the findings");
        }
    }
}
