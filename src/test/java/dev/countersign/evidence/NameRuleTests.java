package dev.countersign.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.countersign.api.Problem;
import dev.countersign.evidence.reader.Stated;
import dev.countersign.identity.Actors;
import dev.countersign.release.Release;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A document that names an image or a product, and no digest, commit or version of it. */
@Tag("M4.2")
class NameRuleTests {
    private static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    private final Actors actors = mock(Actors.class);
    private final SubjectRule rule = new SubjectRule(actors);
    private final Release release = mock(Release.class);

    NameRuleTests() {
        when(actors.has(any())).thenReturn(true);
        when(actors.current()).thenReturn("ci");
        when(release.service()).thenReturn("billing");
        when(release.version()).thenReturn("1.0.0");
        when(release.commit()).thenReturn(COMMIT);
        when(release.artifacts())
                .thenReturn(List.of(new Release.Artifact("registry.example/shop/bill", "sha256:" + "a".repeat(64))));
    }

    private static Stated named(String... names) {
        return new Stated(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), new LinkedHashSet<>(List.of(names)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "billing",
                "billing:latest",
                "billing:main-6dcb09b",
                "billing:1.0.0-rc.1",
                "billing:2026.11.26",
                "registry.example/billing:1.0.0",
                "localhost:5000/team/Billing",
                "@shop/billing",
                "other.example/bill:1.0.0",
            })
    void the_name_of_the_service_or_an_artifact_counts_with_the_commit_that_is_asserted(String name) {
        assertThat(rule.decide(release, named(name), COMMIT))
                .isEqualTo(new SubjectRule.Subject("commit", COMMIT, "ci"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "payments",
                "registry.example/payments:1.0.0",
                "billing/payments",
                "billing-api",
                "billing:1.0.1",
                "bill:v2.0.0"
            })
    void another_name_or_version_is_a_conflict_even_when_the_commit_is_asserted(String name) {
        assertThatThrownBy(() -> rule.decide(release, named(name), COMMIT))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.getBody().getStatus()).isEqualTo(409);
                    assertThat(problem.getBody().getProperties()).containsEntry("stated", name);
                });
    }

    @Test
    void a_tag_that_is_the_commit_says_it() {
        assertThat(rule.decide(release, named("billing:" + COMMIT.substring(0, 12)), null))
                .isEqualTo(new SubjectRule.Subject("commit", COMMIT.substring(0, 12), "document"));
    }

    private static Stated built(String name, String version) {
        return new Stated(
                Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(new Stated.Version(name, version)));
    }

    @Test
    void a_module_of_a_build_says_which_version_only_where_it_is_called_as_the_service() {
        for (Stated part : List.of(
                built("billing-parent", "2.4.0"), built("billing-app", "1.0.0"), built("billing", "2.4.0-SNAPSHOT"))) {
            assertThat(rule.decide(release, part, COMMIT)).isEqualTo(new SubjectRule.Subject("commit", COMMIT, "ci"));
        }
        assertThat(rule.decide(release, built("billing", "1.0.0"), null))
                .isEqualTo(new SubjectRule.Subject("version", "1.0.0", "document"));
        assertThatThrownBy(() -> rule.decide(release, built("billing", "2.4.0"), COMMIT))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.getBody().getStatus()).isEqualTo(409));
    }

    @Test
    void of_several_names_of_one_image_one_is_ours() {
        assertThat(rule.decide(release, named("mirror.example/base", "billing"), COMMIT)
                        .value())
                .isEqualTo(COMMIT);
    }

    @ParameterizedTest
    @CsvSource({"billing:1.0.0, true", "billing:v1.0.0, true", "billing:latest, false", "billing, false"})
    void without_a_commit_the_tag_has_to_be_the_version(String name, boolean counts) {
        if (counts) {
            assertThat(rule.decide(release, named(name), null))
                    .isEqualTo(new SubjectRule.Subject("version", "1.0.0", "document"));
        } else {
            assertThatThrownBy(() -> rule.decide(release, named(name), null))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.getBody().getStatus()).isEqualTo(422));
        }
    }
}
