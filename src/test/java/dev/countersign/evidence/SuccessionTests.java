package dev.countersign.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.countersign.api.Problem;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Reading;
import dev.countersign.evidence.reader.Stated;
import dev.countersign.identity.Actors;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.identity.Role;
import dev.countersign.release.Release;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M1.5")
@Tag("M4.1")
class SuccessionTests {
    private final Actors actors = mock(Actors.class);
    private final People people = mock(People.class);
    private final Release release = mock(Release.class);
    private final Succession succession = new Succession(actors, people);

    SuccessionTests() {
        when(release.authors()).thenReturn(List.of("developer"));
        when(people.find(any())).thenReturn(Optional.empty());
        for (String person : List.of("ci", "developer", "qa", "security")) {
            when(people.find(person)).thenReturn(Optional.of(new Person(person, person, null, Set.of(person))));
        }
    }

    private void acts(String person) {
        when(actors.current()).thenReturn(person);
        when(actors.has(any()))
                .thenAnswer(asked -> asked.<Role>getArgument(0).id().equals(person));
    }

    private static Document sentBy(String sender) {
        return new Document(
                "a".repeat(64),
                "junit",
                "surefire",
                10,
                Map.of("commit", "6dcb09b"),
                "document",
                Map.of("failures", 1L),
                Map.of(),
                true,
                null,
                List.of(),
                Instant.EPOCH,
                sender,
                null);
    }

    @ParameterizedTest
    @CsvSource({
        "ci, ci, true",
        "qa, ci, true",
        "ci, qa, false",
        "ci, developer, false",
        "countersign, developer, false",
        "somebody-who-has-gone, qa, false",
        "qa, qa, true",
        "qa, security, true",
        "qa, developer, false",
        "developer, developer, true",
    })
    void what_a_pipeline_said_is_replaced_by_a_pipeline_and_an_author_replaces_nobody(
            String earlier, String sender, boolean replaces) {
        acts(sender);
        if (replaces) {
            assertThatCode(() -> succession.require(release, List.of(sentBy(earlier)), "surefire", sender))
                    .doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> succession.require(release, List.of(sentBy(earlier)), "surefire", sender))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.getBody().getStatus()).isEqualTo(409));
        }
        assertThatCode(() -> succession.require(release, List.of(sentBy(earlier)), "another", sender))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "ci, true, true",
        "security, true, true",
        "developer, true, false",
        "qa, true, false",
        "qa, false, true",
    })
    void what_excuses_comes_from_the_pipeline_or_from_security(String sender, boolean excuses, boolean taken) {
        acts(sender);
        if (taken) {
            assertThatCode(() -> succession.requireEntitled(release, DocumentType.VEX, vex(excuses)))
                    .doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> succession.requireEntitled(release, DocumentType.VEX, vex(excuses)))
                    .hasMessageContaining("asks for a waiver");
        }
    }

    @ParameterizedTest
    @CsvSource({"security"})
    void security_excuses_nothing_in_its_own_change(String author) {
        when(release.authors()).thenReturn(List.of(author));
        acts(author);
        assertThatThrownBy(() -> succession.requireEntitled(release, DocumentType.VEX, vex(true)))
                .isInstanceOf(Problem.class);
    }

    @ParameterizedTest
    @CsvSource({
        "PENTEST, ci, true",
        "PENTEST, security, true",
        "PENTEST, head-of-security, true",
        "PENTEST, privacy, false",
        "PENTEST, developer, false",
        "DPIA, ci, true",
        "DPIA, privacy, true",
        "DPIA, legal, true",
        "DPIA, security, false",
        "DPIA, developer, false",
        "GENERIC, developer, true",
    })
    @Tag("M4.3")
    @Tag("M4.6")
    void what_a_person_accepted_is_sent_by_the_pipeline_or_by_who_may_accept_it(
            DocumentType type, String sender, boolean taken) {
        acts(sender);
        if (taken) {
            assertThatCode(() -> succession.requireEntitled(release, type, vex(false)))
                    .doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> succession.requireEntitled(release, type, vex(false)))
                    .hasMessageContaining("comes from the pipeline, or from");
        }
        when(release.authors()).thenReturn(List.of(sender));
        if (taken && !sender.equals("ci") && type != DocumentType.GENERIC) {
            assertThatThrownBy(() -> succession.requireEntitled(release, type, vex(false)))
                    .isInstanceOf(Problem.class);
        }
    }

    private static Reading vex(boolean excuses) {
        return new Reading(
                "vex",
                new Stated(Set.of(), Set.of(), Set.of(), Set.of(), Set.of()),
                Map.of(),
                Map.of("statements", List.of(Map.of("excuses", excuses))),
                true,
                null,
                List.of());
    }
}
