package dev.countersign.catalog;

import dev.countersign.api.Problem;
import dev.countersign.catalog.ServiceOverview.Detail;
import dev.countersign.catalog.ServiceOverview.Listing;
import dev.countersign.catalog.ServiceOverview.Neighbour;
import dev.countersign.catalog.ServiceOverview.Row;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/services")
@Tag(name = "Catalog")
class ServiceController {
    private static final Logger log = LoggerFactory.getLogger(ServiceController.class);
    private static final List<String> RELATIONS = List.of("dependsOn", "dependencyOf", "providesApis", "consumesApis");

    private final FileCatalog catalog;
    private final ObjectProvider<ServiceFacts> facts;

    ServiceController(FileCatalog catalog, ObjectProvider<ServiceFacts> facts) {
        this.catalog = catalog;
        this.facts = facts;
    }

    @GetMapping
    @Operation(
            summary =
                    "Services with SLO state, error budget and rollback frequency, what is wrong in the catalog's files and what waits for approval")
    Listing services(
            @RequestParam(required = false) String unit,
            @RequestParam(required = false) String team,
            @RequestParam(required = false) String tier,
            @RequestParam(required = false) String owner) {
        List<Service> services = catalog.services().stream()
                .filter(service -> unit == null || unit.equals(service.unit()))
                .filter(service -> team == null || team.equals(service.team()))
                .filter(service -> tier == null || tier.equals(service.tier()))
                .filter(service -> owner == null || owner.equals(service.owner()))
                .toList();
        List<String> names = services.stream().map(Service::name).toList();
        Map<String, Map<String, Object>> more = new HashMap<>();
        List<String> missing = new ArrayList<>();
        facts.orderedStream()
                .forEach(source -> ask(source, missing, "the list of services", () -> source.inShort(names)
                        .forEach((name, members) -> more.computeIfAbsent(name, n -> new LinkedHashMap<>())
                                .putAll(members))));
        return new Listing(
                services.stream()
                        .map(service -> new Row(overview(service), more.getOrDefault(service.name(), Map.of())))
                        .toList(),
                catalog.environments(),
                catalog.problems(),
                catalog.heldBack(),
                missing);
    }

    @GetMapping("/{name}")
    @Operation(
            summary =
                    "A service: ownership, dependencies both ways, on call, SLOs, checklist and what is measured of it")
    Detail service(@PathVariable String name) {
        Service service =
                catalog.service(name).orElseThrow(() -> Problem.notFound("The catalog has no service `" + name + "`"));
        Map<String, Object> more = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        facts.orderedStream().forEach(source -> ask(source, missing, name, () -> more.putAll(source.of(name))));
        return new Detail(
                overview(service),
                service.dependsOn().stream()
                        .map(catalog::service)
                        .flatMap(Optional::stream)
                        .map(Neighbour::of)
                        .toList(),
                catalog.dependentsOf(name).stream().map(Neighbour::of).toList(),
                catalog.sharedPlatformsTouchedBy(name).stream()
                        .map(Service::name)
                        .toList(),
                relations(name),
                catalog.slosOf(name),
                catalog.checklistOf(name).orElse(null),
                service.annotations(),
                catalog.problems().stream()
                        .filter(problem -> problem.file().equals(service.file()))
                        .toList(),
                more,
                missing);
    }

    /** What one module cannot tell must not hide what the others can. */
    private static void ask(ServiceFacts source, List<String> missing, String about, Runnable question) {
        try {
            question.run();
        } catch (RuntimeException e) {
            String name = source.getClass().getSimpleName();
            log.warn("{} could not be asked for facts of {}", name, about, e);
            missing.add(name);
        }
    }

    private Map<String, List<String>> relations(String name) {
        Optional<Entity> component = catalog.component(name);
        Map<String, List<String>> relations = new LinkedHashMap<>();
        for (String relation : RELATIONS) {
            String kind = relation.endsWith("Apis") ? "api" : "component";
            relations.put(
                    relation,
                    component.stream()
                            .flatMap(entity -> entity.many(relation, kind).stream())
                            .map(found -> found.ref().toString())
                            .toList());
        }
        return relations;
    }

    private ServiceOverview overview(Service service) {
        Optional<Entity> component = catalog.component(service.name());
        EntityRef owner =
                component.map(entity -> entity.one("/spec/owner", "group")).orElse(null);
        return new ServiceOverview(
                service.name(),
                component.map(entity -> entity.ref().toString()).orElse(null),
                service.title(),
                service.description(),
                component.map(Entity::type).orElse(null),
                component
                        .map(entity -> entity.document().text("/spec/lifecycle"))
                        .orElse(null),
                component.map(entity -> entity.document().text("/spec/system")).orElse(null),
                service.tier(),
                service.target(),
                service.unit(),
                service.team(),
                service.owner(),
                owner == null ? null : owner.toString(),
                service.onCall(),
                service.sharedPlatform(),
                service.team() == null,
                catalog.whyItCannotRelease(service.name()).orElse(null),
                service.file());
    }
}
