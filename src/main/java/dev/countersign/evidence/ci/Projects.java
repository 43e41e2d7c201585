package dev.countersign.evidence.ci;

import dev.countersign.catalog.Catalog;
import dev.countersign.evidence.EvidenceSource.Asked;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseFilter;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Which project of a build server is a service's: by the annotations that Backstage knows, so that the catalog says it once. */
@Component
class Projects {
    static final String GITHUB = "github.com/project-slug";
    static final String GITLAB = "gitlab.com/project-slug";
    static final String JENKINS = "jenkins.io/job-full-name";
    static final String BITBUCKET = "bitbucket.org/project-slug";
    /** Our own: the sources of events that are this service's pipelines, with spaces between. */
    static final String CDEVENTS = "cdevents.dev/sources";

    private static final Set<ReleaseState> OPEN = Arrays.stream(ReleaseState.values())
            .filter(state -> !state.isFinal() && !state.isExposed())
            .collect(Collectors.toSet());

    private final Catalog catalog;
    private final Releases releases;

    Projects(Catalog catalog, Releases releases) {
        this.catalog = catalog;
        this.releases = releases;
    }

    Optional<String> of(Asked asked, String annotation) {
        return of(asked.release().service(), annotation);
    }

    private Optional<String> of(String service, String annotation) {
        return catalog.service(service)
                .map(one -> one.annotations().get(annotation))
                .map(String::strip)
                // As the Jenkins plugin writes it: instance:folder/job.
                .map(text -> annotation.equals(JENKINS) ? text.substring(text.indexOf(':') + 1) : text)
                .filter(text -> text.matches("[A-Za-z0-9][A-Za-z0-9._/ -]{0,199}")
                        && Arrays.stream(text.split("/", -1))
                                .noneMatch(part -> part.isBlank() || part.matches("\\.+")));
    }

    /** Releases on their way that are built from this commit of this project. */
    List<Release> open(String annotation, String project, String commit) {
        if (commit.length() < 40) {
            return List.of();
        }
        return open(release -> commit.equalsIgnoreCase(release.commit())
                && of(release.service(), annotation)
                        .filter(known -> known.toLowerCase(Locale.ROOT).equals(project.toLowerCase(Locale.ROOT)))
                        .isPresent());
    }

    List<Release> open(Predicate<Release> which) {
        return releases.list(ReleaseFilter.all().inStates(OPEN)).stream()
                .filter(which)
                .toList();
    }

    /** Whose events speak of a service, exactly as they write their source. */
    Set<String> sourcesOf(String service) {
        return catalog.service(service)
                .map(one -> one.annotations().get(CDEVENTS))
                .map(text -> Arrays.stream(text.strip().split("\\s+"))
                        .filter(source -> !source.isEmpty())
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
    }
}
