package dev.countersign.catalog;

import dev.countersign.identity.Actors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;

/**
 * The catalog as files. A reading is made aside and takes the place of the former one in a single step, so that nobody ever sees half of
 * a change.
 */
@Component
class FileCatalog implements Catalog {
    private static final Logger log = LoggerFactory.getLogger(FileCatalog.class);

    private final CatalogFolder folder;
    private final CatalogFolder checklistFolder;
    private final PolicyStore store;
    private final ApplicationEventPublisher events;

    private volatile View view;
    private Object stamp;

    /** All that is answered from, taken together. */
    private record View(
            Facts facts,
            List<Problem> problems,
            List<SourceFile> proposedChecklists,
            List<String> brokenChecklists,
            ActivePolicy policy) {

        View with(ActivePolicy newer) {
            return new View(facts, problems, proposedChecklists, brokenChecklists, newer);
        }
    }

    /** The files were read anew. In memory, on the node that read them. */
    record Reread() {}

    FileCatalog(CatalogProperties properties, PolicyStore store, ApplicationEventPublisher events) throws IOException {
        this.folder = CatalogFolder.at(properties.folder());
        this.checklistFolder = CatalogFolder.at(properties.checklists());
        this.store = store;
        this.events = events;
        this.view = new View(Facts.NONE, List.of(), List.of(), List.of(), ActivePolicy.NONE);
        readFiles();
        activateFirst();
        readPolicy();
        view.problems().forEach(problem -> log.warn("Catalog: {}", words(problem)));
    }

    /** Looks whether files or the policy in force changed; called again and again by {@link CatalogWatch}. */
    synchronized void refresh() {
        try {
            if (!currentStamp().equals(stamp)) {
                readFiles();
                log.info(
                        "The catalog's files changed: {} services, {} problems",
                        services().size(),
                        problems().size());
                view.problems().forEach(problem -> log.warn("Catalog: {}", words(problem)));
                events.publishEvent(new Reread());
            }
        } catch (IOException e) {
            unreachable(e);
        }
        readPolicy();
    }

    private List<Object> currentStamp() throws IOException {
        return List.of(folder.stamp(), checklistFolder.stamp());
    }

    private void readFiles() throws IOException {
        // Taken before the reading: a change in between is then seen at the next look.
        List<Object> before = currentStamp();
        List<Problem> unreadable = new ArrayList<>();
        List<SourceFile> files = folder.read(unreadable::add);
        if (files.isEmpty() && !view.facts().entities().isEmpty()) {
            throw new IOException("The folder " + folder + " is empty");
        }
        Facts facts = Facts.read(files, view.facts(), unreadable);
        List<Problem> problems = new ArrayList<>(facts.problems());
        List<String> broken = new ArrayList<>();
        List<SourceFile> checklists = new ArrayList<>();
        for (SourceFile file : checklistFolder.read(problem -> {
            problems.add(problem);
            broken.add(problem.file());
        })) {
            ChecklistReader.Read read = ChecklistReader.read(file);
            problems.addAll(read.problems());
            read.checklist().ifPresentOrElse(checklist -> checklists.add(file), () -> broken.add(file.name()));
        }
        problems.addAll(clashes(checklists));
        view = new View(facts, List.copyOf(problems), List.copyOf(checklists), List.copyOf(broken), view.policy());
        stamp = before;
    }

    /** Two files with a checklist of the same name: which is meant cannot be known. */
    private static List<Problem> clashes(List<SourceFile> files) {
        Map<String, String> names = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (SourceFile file : files) {
            Checklist checklist = ChecklistReader.read(file).checklist().orElseThrow();
            String other = names.putIfAbsent(checklist.name(), file.name());
            if (other != null) {
                String message = "The checklist `" + checklist.name() + "` is also in " + other;
                problems.add(new Problem(file.name(), null, null, message));
            }
        }
        return problems;
    }

    /** The folder is gone or cannot be listed: what was read from it stays. */
    private void unreachable(IOException e) {
        List<Problem> problems = new ArrayList<>(view.facts().problems());
        String message = e.getMessage() + "; what was read before stays in force";
        problems.add(0, new Problem(folder.toString(), null, null, message));
        if (!problems.equals(view.problems())) {
            log.warn("Catalog: {}", message);
        }
        view = new View(
                view.facts(), List.copyOf(problems), view.proposedChecklists(), view.brokenChecklists(), view.policy());
        // Read anew when it is back, even if nothing in it changed.
        stamp = null;
    }

    /** On an empty database there is nothing that a change could be compared with: what is there takes effect. */
    private void activateFirst() {
        if (!store.isEmpty()) {
            return;
        }
        try {
            store.activateFirst(view.facts().proposed(), view.proposedChecklists(), Actors.PLATFORM);
        } catch (DuplicateKeyException e) {
            log.info("Another node has put the first policy in force");
        }
    }

    private void readPolicy() {
        if (!store.active().equals(view.policy().keys())) {
            view = view.with(ActivePolicy.of(store.activeVersions()));
        }
    }

    private static String words(Problem problem) {
        String place = problem.line() == null ? "" : ":" + problem.line() + ":" + problem.column();
        return problem.file() + place + " " + problem.message();
    }

    @Override
    public List<Service> services() {
        return view.facts().organisation().services();
    }

    @Override
    public Optional<Service> service(String name) {
        return view.facts().organisation().service(name);
    }

    Optional<Entity> component(String name) {
        return view.facts().organisation().component(name);
    }

    @Override
    public List<Service> dependentsOf(String name) {
        return view.facts().organisation().dependentsOf(name);
    }

    @Override
    public List<Service> sharedPlatformsTouchedBy(String service) {
        return view.facts().organisation().sharedPlatformsTouchedBy(service);
    }

    @Override
    public Optional<String> whyItCannotRelease(String service) {
        return view.facts().organisation().whyItCannotRelease(service);
    }

    @Override
    public List<Environment> environments() {
        return view.facts().organisation().environments();
    }

    @Override
    public List<Team> teams() {
        return view.facts().organisation().teams();
    }

    @Override
    public List<Problem> problems() {
        return view.problems();
    }

    @Override
    public List<HeldBack> heldBack() {
        View now = view;
        List<HeldBack> held = new ArrayList<>();
        held.addAll(heldBack(
                now, ActivePolicy.SLO, now.facts().proposed(), now.facts().broken()));
        held.addAll(heldBack(now, ActivePolicy.CHECKLIST, now.proposedChecklists(), now.brokenChecklists()));
        return held;
    }

    private static List<HeldBack> heldBack(View view, String kind, List<SourceFile> proposed, List<String> broken) {
        Map<String, String> active = new LinkedHashMap<>();
        view.policy().keys().stream()
                .filter(key -> key.kind().equals(kind))
                .forEach(key -> active.put(key.name(), key.digest()));
        List<HeldBack> held = new ArrayList<>();
        Set<String> present = new HashSet<>(broken);
        for (SourceFile file : proposed) {
            present.add(file.name());
            String inForce = active.get(file.name());
            if (!file.digest().equals(inForce)) {
                held.add(
                        new HeldBack(kind, file.name(), inForce == null ? "added" : "changed", inForce, file.digest()));
            }
        }
        active.forEach((name, digest) -> {
            if (!present.contains(name)) {
                held.add(new HeldBack(kind, name, "removed", digest, null));
            }
        });
        return held;
    }

    @Override
    public List<Slo> slosOf(String service) {
        return view.policy().slosOf(service);
    }

    @Override
    public List<Slo> slosOf(String service, String digest) {
        return store.find(ActivePolicy.SLO, digest)
                .map(version -> view.policy().slosOf(service, version))
                .orElse(List.of());
    }

    @Override
    public Optional<Checklist> checklistOf(String service) {
        return checklistOf(service, null);
    }

    @Override
    public Optional<Checklist> checklistOf(String service, String environment) {
        View now = view;
        return now.facts().organisation().service(service).flatMap(known -> now.policy()
                .checklistOf(known, environment));
    }

    @Override
    public Optional<Checklist> checklist(String name, String digest) {
        return store.find(ActivePolicy.CHECKLIST, digest)
                .flatMap(version -> ChecklistReader.read(version).checklist())
                .filter(checklist -> checklist.name().equals(name));
    }

    /** What the files propose, in force or not. */
    List<SourceFile> proposedChecklists() {
        return view.proposedChecklists();
    }
}
