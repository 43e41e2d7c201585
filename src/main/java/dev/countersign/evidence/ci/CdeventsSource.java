package dev.countersign.evidence.ci;

import dev.countersign.evidence.EvidenceSource;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.ci.CdeventStore.Run;
import dev.countersign.release.Release;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * What CDEvents said of the runs for a release. One that did not end well is an error, as it is with every build server; that one ended well is no report, and
 * passes nothing: it only takes the error back that an earlier run of the same name had left.
 */
@Component
class CdeventsSource implements EvidenceSource {
    static final String NAME = "cdevents";
    private final CdeventsProperties properties;
    private final Projects projects;
    private final CdeventStore store;

    CdeventsSource(CdeventsProperties properties, Projects projects, CdeventStore store) {
        this.properties = properties;
        this.projects = projects;
        this.store = store;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> types(Asked asked) {
        return properties.hook() == null
                        || projects.sourcesOf(asked.release().service()).isEmpty()
                ? Set.of()
                : Set.of("junit");
    }

    @Override
    public Answer fetch(Asked asked, Duration within) throws SourceUnavailable {
        Release release = asked.release();
        Set<String> sources = projects.sourcesOf(release.service());
        Map<String, List<Run>> byName = new LinkedHashMap<>();
        for (Run run : store.runs(sources, commit(release), digests(release))) {
            String part = sources.size() == 1 ? run.name() : run.name() + " of " + run.source();
            byName.computeIfAbsent(part, name -> new ArrayList<>()).add(run);
        }
        List<Fetched> documents = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, List<Run>> runs : byName.entrySet()) {
            Run latest = runs.getValue().get(runs.getValue().size() - 1);
            boolean wasRed = runs.getValue().stream().anyMatch(run -> !Cdevent.isGood(run.outcome()));
            if (wasRed) {
                documents.add(told(runs.getKey(), latest, release));
            } else {
                missing.add(words(latest) + ", which is no report of its tests");
            }
        }
        if (byName.isEmpty()) {
            missing.add("no event told of the end of a run for commit %s or its artifacts".formatted(release.commit()));
        }
        return new Answer(documents, missing.isEmpty() ? null : String.join("; ", missing));
    }

    static Set<String> digests(Release release) {
        return release.artifacts().stream()
                .map(Release.Artifact::digest)
                .filter(digest -> digest != null)
                .collect(Collectors.toSet());
    }

    private static String words(Run run) {
        return "%s ended %s"
                .formatted(run.name(), run.outcome() == null ? "without an outcome" : "with " + run.outcome());
    }

    private static Fetched told(String part, Run latest, Release release) throws SourceUnavailable {
        boolean good = Cdevent.isGood(latest.outcome());
        String why = "%s (%s)%s"
                .formatted(words(latest), latest.subject(), latest.reason().isEmpty() ? "" : ": " + latest.reason());
        return Reports.ofRun(part, About.commit(release.commit()), good, why);
    }

    /** In small letters, as those of events are kept. */
    static String commit(Release release) {
        return String.valueOf(release.commit()).toLowerCase(Locale.ROOT);
    }
}
