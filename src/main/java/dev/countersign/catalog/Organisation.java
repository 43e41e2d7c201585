package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The entities of all files and how they hang together. Immutable once built. What refers to something that is not there is a
 * problem with its place; the rest stands.
 */
final class Organisation {
    static final String TIER = "countersign.dev/tier";
    static final String TARGET = "countersign.dev/target";
    static final String ON_CALL = "countersign.dev/on-call";
    static final String SHARED_PLATFORM = "countersign.dev/shared-platform";
    static final List<String> TIERS = List.of("critical", "high", "standard");
    private static final String STRICTEST = TIERS.get(0);

    private final Map<String, Entity> entities = new LinkedHashMap<>();
    private final Map<String, EntityRef> parents = new LinkedHashMap<>();
    private final Map<String, Set<String>> providers = new LinkedHashMap<>();
    private final Map<String, Set<String>> dependencies = new LinkedHashMap<>();
    private final Map<String, Service> services = new TreeMap<>();
    private final Map<String, Entity> components = new TreeMap<>();
    private final List<Problem> problems = new ArrayList<>();

    Organisation(Collection<Entity> read) {
        read.forEach(this::add);
        kind("group").forEach(this::linkUnits);
        kind("component").forEach(component -> {
            Entity other = components.putIfAbsent(component.name(), component);
            if (other != null) {
                String message =
                        "`" + component.name() + "` is also the name of " + other.ref() + " in " + other.file();
                problems.add(component.document().problem("/metadata/name", message));
            }
        });
        components
                .values()
                .forEach(component -> component.many("providesApis", "api").forEach(api -> providers
                        .computeIfAbsent(api.ref().id(), id -> new LinkedHashSet<>())
                        .add(component.name())));
        components.values().forEach(this::linkDependencies);
        components.values().forEach(component -> services.put(component.name(), service(component)));
        components.values().forEach(component -> whyNoOwner(component)
                .ifPresent(why -> problems.add(component.document().problem("/spec/owner", why))));
        problems.addAll(EnvironmentWords.problems(declaredEnvironments()));
        problems.addAll(new References(entities, parents).problems());
    }

    private void add(Entity entity) {
        Entity first = entities.putIfAbsent(entity.ref().id(), entity);
        if (first != null) {
            Place place = first.document().place("/metadata/name");
            String message = entity.ref() + " is already described in " + first.file() + " line " + place.line()
                    + "; this one is left out";
            problems.add(entity.document().problem("/metadata/name", message));
        }
    }

    private List<Entity> kind(String kind) {
        return entities.values().stream()
                .filter(entity -> entity.ref().kind().equals(kind))
                .toList();
    }

    private void linkUnits(Entity group) {
        EntityRef parent = group.one("/spec/parent", "group");
        if (parent != null) {
            parents.put(group.ref().id(), parent);
        }
        group.many("children", "group")
                .forEach(child -> parents.putIfAbsent(child.ref().id(), group.ref()));
    }

    private void linkDependencies(Entity component) {
        Set<String> names = dependencies.computeIfAbsent(component.name(), name -> new LinkedHashSet<>());
        component.many("dependsOn", "component").forEach(relation -> componentAt(relation.ref())
                .ifPresent(names::add));
        component
                .many("consumesApis", "api")
                .forEach(consumed ->
                        names.addAll(providers.getOrDefault(consumed.ref().id(), Set.of())));
        names.remove(component.name());
        component.many("dependencyOf", "component").forEach(relation -> componentAt(relation.ref())
                .filter(name -> !name.equals(component.name()))
                .ifPresent(name -> dependencies
                        .computeIfAbsent(name, other -> new LinkedHashSet<>())
                        .add(component.name())));
    }

    private Optional<String> componentAt(EntityRef ref) {
        return Optional.ofNullable(entities.get(ref.id()))
                .filter(entity -> entity.ref().kind().equals("component"))
                .map(Entity::name);
    }

    private Service service(Entity component) {
        EntityRef owner = component.one("/spec/owner", "group");
        Entity team = owner == null ? null : entities.get(owner.id());
        boolean described = team != null && owner.kind().equals("group");
        return new Service(
                component.name(),
                component.title(),
                component.description(),
                owner == null ? null : team == null ? owner.shortName() : team.name(),
                described ? team.name() : null,
                described ? unit(team) : null,
                tier(component),
                Objects.requireNonNullElse(component.annotation(TARGET), "production"),
                onCall(component),
                Boolean.parseBoolean(component.annotation(SHARED_PLATFORM)),
                List.copyOf(dependencies.get(component.name())),
                component.annotations(),
                component.file());
    }

    private String tier(Entity component) {
        String tier = component.annotation(TIER);
        if (tier == null) {
            problems.add(component
                    .document()
                    .problem(
                            "/metadata/annotations",
                            "`" + component.name() + "` names no `" + TIER + "` (" + String.join(", ", TIERS)
                                    + ") and is held to the strictest, " + STRICTEST));
            return STRICTEST;
        }
        if (!TIERS.contains(tier)) {
            problems.add(component
                    .document()
                    .problem(
                            Entity.annotationPointer(TIER),
                            "`" + tier + "` is no tier (" + String.join(", ", TIERS) + "); `" + component.name()
                                    + "` is held to the strictest, " + STRICTEST));
            return STRICTEST;
        }
        return tier;
    }

    private String onCall(Entity component) {
        EntityRef ref = onCallRef(component);
        if (ref == null) {
            return "on-call";
        }
        Entity known = entities.get(ref.id());
        return known == null ? ref.shortName() : known.name();
    }

    private EntityRef onCallRef(Entity component) {
        try {
            return component.one(Entity.annotationPointer(ON_CALL), "group");
        } catch (BrokenFile e) {
            problems.add(e.problem());
            return null;
        }
    }

    /** Why nobody is accountable for the component, in words; empty where a team is. */
    private Optional<String> whyNoOwner(Entity component) {
        EntityRef owner = component.one("/spec/owner", "group");
        if (owner == null) {
            return Optional.of("`" + component.name() + "` has no owner (`spec.owner`) and cannot release");
        }
        if (!owner.kind().equals("group")) {
            return Optional.of("The owner of `" + component.name() + "` is " + owner
                    + "; a team (`group:`) must be accountable, so it cannot release");
        }
        return entities.containsKey(owner.id())
                ? Optional.empty()
                : Optional.of("The owner of `" + component.name() + "`, " + owner
                        + ", is described in no file, so it cannot release");
    }

    List<Service> services() {
        return List.copyOf(services.values());
    }

    Optional<Service> service(String name) {
        return Optional.ofNullable(services.get(name));
    }

    Optional<Entity> component(String name) {
        return Optional.ofNullable(components.get(name));
    }

    List<Service> dependentsOf(String name) {
        return services.values().stream()
                .filter(service -> service.dependsOn().contains(name))
                .toList();
    }

    List<Service> consumersOf(String name) {
        return components.values().stream()
                .filter(component -> !component.name().equals(name))
                .filter(component -> component.many("consumesApis", "api").stream()
                        .anyMatch(consumed -> providers
                                .getOrDefault(consumed.ref().id(), Set.of())
                                .contains(name)))
                .map(component -> services.get(component.name()))
                .toList();
    }

    List<Service> sharedPlatformsTouchedBy(String name) {
        return service(name).stream()
                .flatMap(service -> service.dependsOn().stream())
                .map(services::get)
                .filter(Service::sharedPlatform)
                .toList();
    }

    Optional<String> whyItCannotRelease(String name) {
        Entity component = components.get(name);
        return component == null
                ? Optional.of("`" + name + "` is described in no file of the catalog")
                : whyNoOwner(component);
    }

    private List<Entity> declaredEnvironments() {
        return kind("resource").stream()
                .filter(entity -> "environment".equals(entity.type()))
                .toList();
    }

    List<Environment> environments() {
        return declaredEnvironments().stream()
                .map(entity -> {
                    EntityRef owner = entity.one("/spec/owner", "group");
                    return new Environment(
                            entity.name(),
                            entity.title(),
                            entity.description(),
                            owner == null ? null : owner.shortName(),
                            entity.file(),
                            EnvironmentWords.isProduction(entity),
                            EnvironmentWords.reportedAs(entity));
                })
                .toList();
    }

    List<Team> teams() {
        return kind("group").stream().map(this::team).toList();
    }

    private Team team(Entity group) {
        Set<String> members = new LinkedHashSet<>();
        group.many("members", "user").forEach(member -> members.add(nameOf(member.ref())));
        for (Entity user : kind("user")) {
            boolean member = user.many("memberOf", "group").stream()
                    .anyMatch(of -> of.ref().id().equals(group.ref().id()));
            if (member) {
                members.add(user.name());
            }
        }
        return new Team(group.name(), group.title(), group.type(), unit(group), List.copyOf(members), group.file());
    }

    /** The nearest ancestor of type business-unit, else the topmost; the group itself where nothing is above it or they form a ring. */
    private String unit(Entity group) {
        Set<String> seen = new HashSet<>();
        EntityRef at = group.ref();
        while (seen.add(at.id())) {
            Entity entity = entities.get(at.id());
            EntityRef above = parents.get(at.id());
            if ("business-unit".equals(entity.type()) || above == null || !entities.containsKey(above.id())) {
                return entity.name();
            }
            at = above;
        }
        return group.name();
    }

    private String nameOf(EntityRef ref) {
        Entity known = entities.get(ref.id());
        return known == null ? ref.shortName() : known.name();
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }
}
