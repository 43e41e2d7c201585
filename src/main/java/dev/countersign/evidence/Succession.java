package dev.countersign.evidence;

import dev.countersign.api.Problem;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Reading;
import dev.countersign.identity.Actors;
import dev.countersign.identity.People;
import dev.countersign.identity.Role;
import dev.countersign.release.Release;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Whose word takes the place of whose. A pipeline's and the platform's stand until such a sender says something newer, an author replaces nobody else's,
 * what excuses vulnerabilities comes from the pipeline or from security, and what a person accepted from those who may: else a gate would be a matter of one upload.
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

    /** Who may say of a document of that type that it counts, beside the pipeline. */
    private static final Map<DocumentType, List<Role>> ACCEPTED_BY = Map.of(
            DocumentType.PENTEST, List.of(Role.SECURITY, Role.HEAD_OF_SECURITY),
            DocumentType.DPIA, List.of(Role.PRIVACY, Role.LEGAL));

    /** What a person accepted is theirs to send who may accept it: a document that only names them is anybody's word. */
    void requireEntitled(Release release, DocumentType type, Reading reading) {
        List<Role> roles = ACCEPTED_BY.get(type);
        if (roles != null && !isEntitled(release, roles)) {
            throw Problem.forbidden(
                    "It is %s. Such a document comes from the pipeline, or from %s where they are not the change's author; '%s' cannot send it"
                            .formatted(
                                    type.words(),
                                    roles.stream().map(Role::id).collect(Collectors.joining(" or ")),
                                    actors.current()));
        }
        requireExcusable(release, reading);
    }

    private boolean isEntitled(Release release, List<Role> roles) {
        return actors.has(Role.CI)
                || roles.stream().anyMatch(actors::has) && !release.authors().contains(actors.current());
    }

    private void requireExcusable(Release release, Reading reading) {
        boolean excuses = reading.details().get("statements") instanceof List<?> statements
                && statements.stream()
                        .anyMatch(one -> one instanceof Map<?, ?> said && Boolean.TRUE.equals(said.get("excuses")));
        if (excuses && !isEntitled(release, List.of(Role.SECURITY, Role.HEAD_OF_SECURITY))) {
            throw Problem.forbidden(
                    "It says of vulnerabilities that they do not affect the release. Such statements come from the pipeline, or from"
                            + " security where they are not the change's author; anybody else asks for a waiver of the findings");
        }
    }
}
