package dev.countersign.catalog;

import dev.countersign.identity.Actors;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;

/**
 * The catalog as files. A reading is made aside and takes the place of the former one in a single step, so that nobody ever sees half of
 * a change.
 */
@Component
final class FileCatalog implements Catalog {
    private static final Logger log = LoggerFactory.getLogger(FileCatalog.class);

    private final CatalogFolder folder;
    private final CatalogFolder checklistFolder;
    private final Map<Declaration<?>, CatalogFolder> declarationFolders;
    private final CatalogPolicyStore store;

    /** By digest: what a digest names does not change. */
    private final Map<String, Checklist> checklists = new ConcurrentHashMap<>();

    private volatile View view;
    private Object stamp;

    /** All that is answered from, taken together. */
    private record View(
            Facts facts,
            Checklists checklists,
            Map<String, DeclaredFiles> declared,
            List<Problem> problems,
            ActivePolicy policy) {
        View with(ActivePolicy newer) {
            return new View(facts, checklists, declared, problems, newer);
        }
    }

    FileCatalog(CatalogProperties properties, CatalogPolicyStore store) {
        this.folder = CatalogFolder.at(properties.folder());
        this.checklistFolder = CatalogFolder.besideOrWithin(properties.checklists());
        this.declarationFolders = Map.of(
                Declaration.INTEGRITY,
                CatalogFolder.besideOrWithin(properties.integrityChecks()),
                Declaration.ROTATION,
                CatalogFolder.besideOrWithin(properties.rotation()),
                Declaration.JOURNEYS,
                CatalogFolder.besideOrWithin(properties.journeys()),
                Declaration.CAPACITY,
                CatalogFolder.besideOrWithin(properties.capacity()),
                Declaration.KPIS,
                CatalogFolder.besideOrWithin(properties.kpis()),
                Declaration.CANARIES,
                CatalogFolder.besideOrWithin(properties.canaries()).ofJson());
        this.store = store;
        if (!folder.exists()) {
            throw new IllegalArgumentException(
                    "There is no folder " + folder + " to read the catalog from (countersign.catalog.folder)");
        }
        this.view = new View(Facts.NONE, Checklists.NONE, Map.of(), List.of(), ActivePolicy.NONE);
        readFiles();
        activateFirst();
        readPolicy();
        log.info("Catalog: {} services from {}", services().size(), folder);
    }

    /** Looks whether files or the policy in force changed; called again and again by {@link CatalogWatch}. */
    synchronized void refresh() {
        if (!currentStamp().equals(stamp)) {
            readFiles();
            log.info("The catalog's files changed: {} services", services().size());
        }
        readPolicy();
    }

    private List<Object> currentStamp() {
        List<Object> stamps = new ArrayList<>(List.of(folder.stamp(), checklistFolder.stamp()));
        declarationFolders.values().forEach(declared -> stamps.add(declared.stamp()));
        return stamps;
    }

    private void readFiles() {
        // Taken before the reading: a change in between is then seen at the next look.
        stamp = currentStamp();
        List<Problem> problems = new ArrayList<>();
        Facts facts = readFacts(problems);
        Checklists checklists = readChecklists(problems);
        problems.addAll(facts.problems());
        problems.addAll(checklists.problems());
        problems.addAll(checklists.strangers(facts.organisation()));
        Map<String, DeclaredFiles> declared = new LinkedHashMap<>();
        for (Declaration<?> declaration : declarationFolders.keySet()) {
            DeclaredFiles files = readDeclared(declaration, problems);
            problems.addAll(files.problems());
            problems.addAll(files.strangers(declaration, facts.organisation()));
            declared.put(declaration.kind(), files);
        }
        problems.stream()
                .filter(problem -> !view.problems().contains(problem))
                .forEach(problem -> log.warn("Catalog: {}", problem));
        view = new View(facts, checklists, Map.copyOf(declared), List.copyOf(problems), view.policy());
    }

    private Facts readFacts(List<Problem> problems) {
        try {
            List<Problem> unreadable = new ArrayList<>();
            List<SourceFile> files = folder.read(unreadable::add);
            if (files.isEmpty() && !view.facts().entities().isEmpty()) {
                // A mount that came off leaves an empty folder; nobody removes a whole organisation.
                throw new IOException("the folder is empty");
            }
            return Facts.read(files, view.facts(), unreadable);
        } catch (IOException e) {
            problems.add(unreachable(folder, e));
            return view.facts();
        }
    }

    private Checklists readChecklists(List<Problem> problems) {
        try {
            List<Problem> unreadable = new ArrayList<>();
            return Checklists.read(checklistFolder.read(unreadable::add), unreadable);
        } catch (IOException e) {
            problems.add(unreachable(checklistFolder, e));
            return view.checklists();
        }
    }

    /** Nobody has to declare such things: a folder that was never there is none to miss. */
    private DeclaredFiles readDeclared(Declaration<?> declaration, List<Problem> problems) {
        CatalogFolder place = declarationFolders.get(declaration);
        DeclaredFiles before = view.declared().getOrDefault(declaration.kind(), DeclaredFiles.NONE);
        try {
            boolean nothing = before.proposed().isEmpty() && before.broken().isEmpty();
            if (!place.exists() && nothing) {
                return DeclaredFiles.NONE;
            }
            List<Problem> unreadable = new ArrayList<>();
            return DeclaredFiles.read(declaration, place.read(unreadable::add), unreadable);
        } catch (IOException e) {
            problems.add(unreachable(place, e));
            return before;
        }
    }

    private static Problem unreachable(CatalogFolder folder, IOException e) {
        String why = e instanceof NoSuchFileException ? "it is not there" : e.getMessage();
        String message = "The folder cannot be read (" + why + "); what was read before stays in force";
        return new Problem(folder.toString(), null, null, message);
    }

    /** On an empty database there is nothing that a change could be compared with: what is there takes effect. */
    private void activateFirst() {
        if (!store.isEmpty()) {
            return;
        }
        try {
            Map<String, List<SourceFile>> first = new LinkedHashMap<>(Map.of(
                    ActivePolicy.SLO, view.facts().proposed(),
                    ActivePolicy.CHECKLIST, view.checklists().proposed()));
            view.declared().forEach((kind, files) -> first.put(kind, files.proposed()));
            store.activateFirst(first, Actors.PLATFORM);
        } catch (DuplicateKeyException e) {
            log.info("Another node has put the first policy in force");
        }
    }

    private void readPolicy() {
        if (!store.active().equals(view.policy().keys())) {
            view = view.with(ActivePolicy.of(store.activeVersions()));
        }
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
    public List<Service> consumersOf(String name) {
        return view.facts().organisation().consumersOf(name);
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
        held.addAll(heldBack(
                now,
                ActivePolicy.CHECKLIST,
                now.checklists().proposed(),
                now.checklists().broken()));
        now.declared().forEach((kind, files) -> held.addAll(heldBack(now, kind, files.proposed(), files.broken())));
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
        View now = view;
        List<Slo> inForce = now.policy().slosOf(service);
        // What is in force for a file that broke stays; one that never was in force must not be as if it promised
        // nothing.
        // A release holds each name once.
        Set<String> names = new HashSet<>();
        List<Slo> refused = now.facts().refused().stream()
                .filter(slo -> slo.service().equals(service) && !now.policy().hasObjectivesFile(slo.file()))
                .filter(slo -> names.add(slo.name()))
                .toList();
        return refused.isEmpty()
                ? inForce
                : Stream.concat(inForce.stream(), refused.stream()).toList();
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
        Checklist known = checklists.get(digest);
        if (known == null) {
            known = store.find(ActivePolicy.CHECKLIST, digest)
                    .flatMap(version -> ChecklistReader.read(version).said())
                    .orElse(null);
            if (known == null) {
                return Optional.empty();
            }
            checklists.put(digest, known);
        }
        return Optional.of(known).filter(checklist -> checklist.name().equals(name));
    }

    @Override
    public List<IntegrityChecks> integrityChecksOf(String service) {
        return view.policy().integrityChecksOf(service);
    }

    @Override
    public Optional<IntegrityChecks> integrityChecks(String digest) {
        return store.find(ActivePolicy.INTEGRITY, digest)
                .flatMap(version -> IntegrityCheckReader.read(version).said());
    }

    @Override
    public List<Rotation> rotationOf(String service) {
        return view.policy().rotationOf(service);
    }

    @Override
    public List<Journey> journeysOf(String service) {
        return view.policy().journeysOf(service);
    }

    @Override
    public Set<String> journeysNewSince(String service, Instant then) {
        Set<String> ids = journeysOf(service).stream().map(Journey::id).collect(Collectors.toSet());
        store.versions(ActivePolicy.JOURNEY).stream()
                .filter(version -> !version.at().toInstant().isAfter(then))
                .flatMap(version -> JourneyReader.read(version.file()).said().stream())
                .flatMap(file -> file.journeys().stream())
                .filter(journey -> journey.service().equals(service))
                .forEach(journey -> ids.remove(journey.id()));
        return ids;
    }

    @Override
    public List<Capacity> capacityOf(String service) {
        return view.policy().capacityOf(service);
    }

    @Override
    public List<Kpi> kpisOf(String service) {
        return view.policy().kpisOf(service);
    }

    /** What is in force for a file that broke stays; one that never was in force, broken or not approved yet, is not as if the team watched nothing. */
    @Override
    public Optional<CanaryConfiguration> canaryOf(String service) {
        View now = view;
        Optional<CanaryConfiguration> inForce = now.policy().canaryOf(service);
        DeclaredFiles files = now.declared().getOrDefault(ActivePolicy.CANARY, DeclaredFiles.NONE);
        if (inForce.isPresent()) {
            return inForce;
        }
        Optional<CanaryConfiguration> waiting = files.proposed().stream()
                .filter(file -> CanaryConfiguration.serviceOf(file.name()).equals(service))
                .findFirst()
                .map(file -> CanaryConfiguration.refused(
                        service, file.name(), file.digest(), file.name() + " waits for approval"));
        return waiting.isPresent()
                ? waiting
                : files.broken().stream()
                        .filter(file -> CanaryConfiguration.serviceOf(file).equals(service))
                        .findFirst()
                        .map(file -> CanaryConfiguration.refused(service, file, null, files.faultOf(file)));
    }

    List<Checklist> checklistsInForce() {
        return view.policy().checklists();
    }

    /** Files with a fault: what is in force for them stays. */
    List<String> broken(String kind) {
        return switch (kind) {
            case ActivePolicy.SLO -> view.facts().broken();
            case ActivePolicy.CHECKLIST -> view.checklists().broken();
            default -> view.declared().get(kind).broken();
        };
    }

    /** What the files propose, in force or not. */
    List<SourceFile> proposed(String kind) {
        return switch (kind) {
            case ActivePolicy.SLO -> view.facts().proposed();
            case ActivePolicy.CHECKLIST -> view.checklists().proposed();
            default -> view.declared().get(kind).proposed();
        };
    }
}
