package dev.countersign.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The SLOs, checklists, integrity checks, rotations, journeys, capacities, business figures and canary configurations in force, read from their stored versions. */
record ActivePolicy(
        List<CatalogPolicyStore.Key> keys,
        List<Slo> slos,
        List<Checklist> checklists,
        List<IntegrityChecks> integrityChecks,
        List<Rotation> rotations,
        List<Journey> journeys,
        List<Capacity> capacities,
        List<Kpi> kpis,
        List<CanaryConfiguration> canaries,
        Map<String, YamlDocument> indicators) {
    static final String SLO = "slo";
    static final String CHECKLIST = "checklist";
    static final String INTEGRITY = "integrity";
    static final String ROTATION = "rotation";
    static final String JOURNEY = "journey";
    static final String CAPACITY = "capacity";
    static final String KPI = "kpi";
    static final String CANARY = "canary";
    static final ActivePolicy NONE = new ActivePolicy(
            List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
            Map.of());

    static ActivePolicy of(List<CatalogPolicyStore.Version> versions) {
        Map<SourceFile, List<YamlDocument>> files = new LinkedHashMap<>();
        Map<String, YamlDocument> indicators = new LinkedHashMap<>();
        List<Checklist> checklists = new ArrayList<>();
        List<IntegrityChecks> integrity = new ArrayList<>();
        List<Rotation> rotations = new ArrayList<>();
        List<Journey> journeys = new ArrayList<>();
        List<Capacity> capacities = new ArrayList<>();
        List<Kpi> kpis = new ArrayList<>();
        List<CanaryConfiguration> canaries = new ArrayList<>();
        for (CatalogPolicyStore.Version version : versions) {
            if (version.key().kind().equals(SLO)) {
                List<YamlDocument> documents = YamlReader.read(version.file());
                files.put(version.file(), documents);
                OpenSlo.indicatorsIn(documents).forEach(indicators::putIfAbsent);
            } else if (version.key().kind().equals(INTEGRITY)) {
                IntegrityCheckReader.read(version.file()).said().ifPresent(integrity::add);
            } else if (version.key().kind().equals(ROTATION)) {
                RotationReader.read(version.file()).said().ifPresent(rotations::add);
            } else if (version.key().kind().equals(JOURNEY)) {
                JourneyReader.read(version.file()).said().ifPresent(file -> journeys.addAll(file.journeys()));
            } else if (version.key().kind().equals(CAPACITY)) {
                CapacityReader.read(version.file()).said().ifPresent(capacities::add);
            } else if (version.key().kind().equals(KPI)) {
                KpiReader.read(version.file()).said().ifPresent(file -> kpis.addAll(file.kpis()));
            } else if (version.key().kind().equals(CANARY)) {
                canaries.add(canary(version.file()));
            } else {
                ChecklistReader.read(version.file()).said().ifPresent(checklists::add);
            }
        }
        List<Slo> slos = new ArrayList<>();
        files.forEach((file, documents) -> {
            OpenSlo.Read read = OpenSlo.read(documents, file.digest(), indicators);
            slos.addAll(read.usable() ? read.slos() : read.refused());
        });
        return new ActivePolicy(
                versions.stream().map(CatalogPolicyStore.Version::key).toList(),
                List.copyOf(slos),
                List.copyOf(checklists),
                List.copyOf(integrity),
                List.copyOf(rotations),
                List.copyOf(journeys),
                List.copyOf(capacities),
                List.copyOf(kpis),
                List.copyOf(canaries),
                Map.copyOf(indicators));
    }

    /** One that this version of the platform does not read any more is not as if the team had none. */
    private static CanaryConfiguration canary(SourceFile file) {
        Declaration.Read<CanaryConfiguration> read = CanaryReader.read(file);
        return read.said()
                .orElseGet(() -> CanaryConfiguration.refused(
                        CanaryConfiguration.serviceOf(file.name()),
                        file.name(),
                        file.digest(),
                        read.problems().get(0).toString()));
    }

    Optional<CanaryConfiguration> canaryOf(String service) {
        return canaries.stream()
                .filter(canary -> canary.service().equals(service))
                .findFirst();
    }

    List<IntegrityChecks> integrityChecksOf(String service) {
        return integrityChecks.stream()
                .filter(checks -> checks.service().equals(service))
                .toList();
    }

    List<Rotation> rotationOf(String service) {
        return rotations.stream()
                .filter(rotation -> rotation.service().equals(service))
                .toList();
    }

    List<Kpi> kpisOf(String service) {
        return kpis.stream().filter(kpi -> kpi.service().equals(service)).toList();
    }

    List<Journey> journeysOf(String service) {
        return journeys.stream()
                .filter(journey -> journey.service().equals(service))
                .toList();
    }

    List<Capacity> capacityOf(String service) {
        return capacities.stream()
                .filter(capacity -> capacity.service().equals(service))
                .toList();
    }

    boolean hasObjectivesFile(String name) {
        return keys.stream()
                .anyMatch(key -> key.kind().equals(SLO) && key.name().equals(name));
    }

    List<Slo> slosOf(String service) {
        return slos.stream().filter(slo -> slo.service().equals(service)).toList();
    }

    List<Slo> slosOf(String service, SourceFile version) {
        return OpenSlo.read(YamlReader.read(version), version.digest(), indicators).slos().stream()
                .filter(slo -> slo.service().equals(service))
                .toList();
    }

    /** One that names the service comes before one that names its tier, one that names the environment before one for all. */
    Optional<Checklist> checklistOf(Service service, String environment) {
        Predicate<Checklist> here = checklist -> environment == null
                || checklist.environments().isEmpty()
                || checklist.environments().contains(environment);
        return checklists.stream()
                .filter(here)
                .filter(checklist -> checklist.services().contains(service.name())
                        || checklist.tiers().contains(service.tier()))
                .min(Comparator.comparing(
                                (Checklist checklist) -> !checklist.services().contains(service.name()))
                        .thenComparing(checklist -> checklist.environments().isEmpty())
                        .thenComparing(Checklist::name));
    }
}
