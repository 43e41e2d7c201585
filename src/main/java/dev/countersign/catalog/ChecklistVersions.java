package dev.countersign.catalog;

import dev.countersign.api.Problem;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** The versions of every checklist: those that were in force, the one that is, and the one that its file proposes. */
@Component
class ChecklistVersions {
    private final FileCatalog catalog;
    private final CatalogPolicyStore store;

    ChecklistVersions(FileCatalog catalog, CatalogPolicyStore store) {
        this.catalog = catalog;
        this.store = store;
    }

    /**
     * @param firstInForceAt null where it waits for approval
     * @param inForce whether it is what new releases get
     */
    record Version(Checklist checklist, String file, OffsetDateTime firstInForceAt, String by, boolean inForce) {}

    /** Oldest first; a proposal that waits comes last. */
    Map<String, List<Version>> all() {
        List<String> active =
                catalog.checklistsInForce().stream().map(Checklist::digest).toList();
        Map<String, Version> byDigest = new LinkedHashMap<>();
        for (CatalogPolicyStore.Stamped stored : store.versions(ActivePolicy.CHECKLIST)) {
            ChecklistReader.read(stored.file())
                    .said()
                    .ifPresent(checklist -> byDigest.put(
                            checklist.digest(),
                            new Version(
                                    checklist,
                                    stored.file().name(),
                                    stored.at(),
                                    stored.by(),
                                    active.contains(checklist.digest()))));
        }
        for (SourceFile file : catalog.proposed(ActivePolicy.CHECKLIST)) {
            ChecklistReader.read(file)
                    .said()
                    .ifPresent(checklist -> byDigest.putIfAbsent(
                            checklist.digest(), new Version(checklist, file.name(), null, null, false)));
        }
        Map<String, List<Version>> all = new LinkedHashMap<>();
        byDigest.values()
                .forEach(version -> all.computeIfAbsent(version.checklist().name(), name -> new ArrayList<>())
                        .add(version));
        return all;
    }

    /** @param from digest; left out, the version in force; @param to left out, what the file says now */
    ChecklistDifference difference(String name, String from, String to) {
        List<Version> versions = all().get(name);
        if (versions == null) {
            throw Problem.notFound("There is no checklist `" + name + "`");
        }
        String digestInForce = versions.stream()
                .filter(Version::inForce)
                .map(version -> version.checklist().digest())
                .findFirst()
                .orElse(versions.get(0).checklist().digest());
        String latest = versions.get(versions.size() - 1).checklist().digest();
        return ChecklistDifference.between(
                version(name, versions, Objects.requireNonNullElse(from, digestInForce)),
                version(name, versions, Objects.requireNonNullElse(to, latest)));
    }

    private static Checklist version(String name, List<Version> versions, String digest) {
        return versions.stream()
                .map(Version::checklist)
                .filter(checklist -> checklist.digest().equals(digest))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("The checklist `" + name + "` has no version " + digest));
    }
}
