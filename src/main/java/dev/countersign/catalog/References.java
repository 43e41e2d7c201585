package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.catalog.Entity.Relation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what refers to nothing. Owners of components are checked where services are made: they stop releases. */
final class References {
    private final Map<String, Entity> entities;
    private final Map<String, EntityRef> parents;
    private final List<Problem> problems = new ArrayList<>();

    References(Map<String, Entity> entities, Map<String, EntityRef> parents) {
        this.entities = entities;
        this.parents = parents;
        entities.values().forEach(this::check);
    }

    List<Problem> problems() {
        return problems;
    }

    private void check(Entity entity) {
        switch (entity.ref().kind()) {
            case "component" -> {
                one(entity, "/spec/system", "system");
                many(entity, "dependsOn", "component");
                many(entity, "dependencyOf", "component");
                many(entity, "consumesApis", "api");
                many(entity, "providesApis", "api");
            }
            case "group" -> {
                one(entity, "/spec/parent", "group");
                many(entity, "children", "group");
                many(entity, "members", "user");
                ring(entity);
            }
            case "user" -> many(entity, "memberOf", "group");
            case "system", "resource", "api", "domain" -> one(entity, "/spec/owner", "group");
            default -> {
                // Backstage is open for other kinds; they say nothing to a release.
            }
        }
    }

    private void one(Entity entity, String pointer, String defaultKind) {
        EntityRef ref = entity.one(pointer, defaultKind);
        if (ref != null) {
            known(entity, new Relation(ref, pointer));
        }
    }

    private void many(Entity entity, String relation, String defaultKind) {
        entity.many(relation, defaultKind).forEach(found -> known(entity, found));
    }

    private void known(Entity entity, Relation relation) {
        if (!entities.containsKey(relation.ref().id())) {
            String message = entity.ref() + " refers to " + relation.ref() + ", which no file describes";
            problems.add(entity.document().problem(relation.pointer(), message));
        }
    }

    private void ring(Entity group) {
        Set<String> seen = new HashSet<>();
        for (EntityRef above = parents.get(group.ref().id()); above != null; above = parents.get(above.id())) {
            if (above.id().equals(group.ref().id())) {
                problems.add(group.document()
                        .problem("/spec/parent", "The groups above `" + group.name() + "` form a ring"));
                return;
            }
            if (!seen.add(above.id())) {
                return;
            }
        }
    }
}
