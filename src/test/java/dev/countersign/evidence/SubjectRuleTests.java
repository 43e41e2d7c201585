package dev.countersign.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.countersign.api.Problem;
import dev.countersign.evidence.reader.Stated;
import dev.countersign.evidence.reader.Stated.Version;
import dev.countersign.identity.Actors;
import dev.countersign.release.Release;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M4.2")
class SubjectRuleTests {
    private static final String OURS = "sha256:" + "a".repeat(64);
    private static final String OTHER = "sha256:" + "b".repeat(64);
    private static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    private final Actors actors = mock(Actors.class);
    private final SubjectRule rule = new SubjectRule(actors);
    private final Release release = mock(Release.class);

    SubjectRuleTests() {
        when(actors.has(any())).thenReturn(true);
        when(actors.current()).thenReturn("ci");
        when(release.service()).thenReturn("checkout");
        when(release.version()).thenReturn("2.0.0");
        when(release.commit()).thenReturn(COMMIT);
        when(release.artifacts()).thenReturn(List.of(new Release.Artifact("registry.example/shop-checkout", OURS)));
    }

    private static Stated stated(String digest, String hint, String name, String version) {
        return new Stated(
                Set.of(),
                digest == null ? Set.of() : Set.of(digest.equals("ours") ? OURS : OTHER),
                hint == null ? Set.of() : Set.of(hint.equals("ours") ? OURS : OTHER),
                name == null ? Set.of() : Set.of(new Version(name, version)),
                Set.of());
    }

    @ParameterizedTest
    @CsvSource({
        "ours,,,, digest",
        ",ours,,, digest",
        ",other,checkout,2.0.0, version",
        ",,shop-checkout,2.0.0, version",
        ",other,,, commit",
        ",,,, commit",
    })
    void what_is_stated_counts_before_what_is_asserted(
            String digest, String hint, String name, String version, String kind) {
        assertThat(rule.decide(release, stated(digest, hint, name, version), COMMIT)
                        .kind())
                .isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({"other,,,", "other,,checkout,2.0.0", ",,checkout,2.0.1", ",,payments,2.0.0"})
    void something_else_is_a_conflict_even_when_the_commit_is_asserted(
            String digest, String hint, String name, String version) {
        assertThatThrownBy(() -> rule.decide(release, stated(digest, hint, name, version), COMMIT))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.getBody().getStatus()).isEqualTo(409);
                    assertThat(problem.getBody().getProperties()).containsKeys("stated", "release");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "v2.0.0, true",
        "6dcb09b5b57875f334f61aebed695e2e4193db5e, true",
        "v0.0.0-20261120091200-6dcb09b5b578, true",
        "v2.0.1-0.20261120091200-6dcb09b5b578, true",
        "v0.0.0-20261120091200-1f2e3d4c5b6a, false",
        "version2.0.0, false",
        "1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c, false",
        "2.0.0-dirty, false",
    })
    void a_version_is_ours_however_build_tools_write_it(String version, boolean ours) {
        Stated stated = stated(null, null, "checkout", version);
        if (ours) {
            assertThat(rule.decide(release, stated, COMMIT).kind()).isEqualTo("version");
        } else {
            assertThatThrownBy(() -> rule.decide(release, stated, COMMIT)).hasMessageContaining(version);
        }
    }

    @ParameterizedTest
    @CsvSource({"main", "unspecified", "latest"})
    void a_branch_is_no_version_and_somebody_has_to_say_which_commit(String branch) {
        assertThat(rule.decide(release, stated(null, null, "checkout", branch), COMMIT)
                        .kind())
                .isEqualTo("commit");
        assertThatThrownBy(() -> rule.decide(release, stated(null, null, "checkout", branch), null))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> rule.decide(release, stated(null, null, "payments", branch), COMMIT))
                .hasMessageContaining("payments");
    }

    @Test
    void a_release_that_is_called_as_a_branch_is_that_version() {
        when(release.version()).thenReturn("main");
        assertThat(rule.decide(release, stated(null, null, "checkout", "main"), null)
                        .kind())
                .isEqualTo("version");
    }

    @ParameterizedTest
    @CsvSource({
        "6dcb09b5b57875f334f61aebed695e2e4193db5e-dirty",
        "6dcb09b5b57875f334f61aebed695e2e4193db5e00",
        "6dcb09",
        "6dcb09b5-changed",
    })
    void more_than_a_commit_is_another_commit(String stated) {
        assertThatThrownBy(() -> rule.decide(release, stated(stated), null)).hasMessageContaining(stated);
    }

    private static Stated stated(String... commits) {
        return new Stated(new LinkedHashSet<>(List.of(commits)), Set.of(), Set.of(), Set.of(), Set.of());
    }

    @Test
    void one_run_about_another_commit_refuses_the_whole_document_with_both_values() {
        String another = "1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c";
        for (Stated log : List.of(stated(COMMIT, another), stated(another, COMMIT), stated(another))) {
            assertThatThrownBy(() -> rule.decide(release, log, null)).isInstanceOfSatisfying(Problem.class, problem -> {
                assertThat(problem.getBody().getStatus()).isEqualTo(409);
                assertThat(problem.getBody().getProperties())
                        .containsEntry("stated", another)
                        .containsEntry("release", COMMIT);
            });
        }
    }

    @Test
    void a_commit_that_is_stated_in_full_and_abbreviated_is_one() {
        assertThat(rule.decide(release, stated("6dcb09b", COMMIT), null))
                .isEqualTo(new SubjectRule.Subject("commit", COMMIT, "document"));
    }

    @Test
    void nothing_stated_and_nothing_asserted_is_refused() {
        assertThatThrownBy(() -> rule.decide(release, stated(null, null, null, null), null))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.getBody().getStatus()).isEqualTo(422));
    }

    @Test
    void of_several_participants_one_is_the_releases() {
        Stated both = participants(COMMIT, "1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c");
        assertThat(rule.decide(release, both, null).value()).isEqualTo(COMMIT);

        Stated others = participants("1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c", "aaaaaaaa");
        assertThatThrownBy(() -> rule.decide(release, others, COMMIT)).hasMessageContaining("aaaaaaaa");
    }

    private static Stated participants(String... commits) {
        return new Stated(Set.of(), Set.of(), Set.of(), Set.of(), new LinkedHashSet<>(List.of(commits)));
    }

    @ParameterizedTest
    @CsvSource({
        "Shop checkout, 2.0.0, true",
        "Shop checkout, 2.0.1, false",
        "Shop checkout, 6dcb09b5b57875f334f61aebed695e2e4193db5e, true",
        "Shop checkout, 1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c, false",
        "payments, 2.0.0, false",
        "checkout, 2.0.0, true",
    })
    void what_a_system_calls_the_service_still_has_to_state_its_version(String name, String version, boolean ours) {
        var about = EvidenceSource.About.named("Shop checkout");
        Stated stated = stated(null, null, name, version);
        if (ours) {
            assertThat(rule.decide(release, stated, about, "dependency-track"))
                    .isEqualTo(new SubjectRule.Subject("version", version, "document"));
        } else {
            assertThatThrownBy(() -> rule.decide(release, stated, about, "dependency-track"))
                    .isInstanceOf(Problem.class);
        }
        assertThatThrownBy(() -> rule.decide(release, stated(null, null, null, null), about, "dependency-track"))
                .isInstanceOf(Problem.class);
    }
}
