package dev.countersign.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A Backstage entity as its document says. */
record Entity(EntityRef ref, YamlDocument document) {
    /** Format of names: backstage.io/docs/features/software-catalog/descriptor-format, metadata.name. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9]|[-_.][A-Za-z0-9])*+");

    private static final int MAX_NAME = 63;

    static boolean isOne(YamlDocument document) {
        String apiVersion = document.text("/apiVersion");
        return apiVersion != null && apiVersion.contains("backstage.io/");
    }

    /** @throws BrokenFile when what every entity needs is missing or has the wrong shape */
    static Entity read(YamlDocument document) {
        String kind = document.required("/kind");
        String name = checked(document, "/metadata/name", document.required("/metadata/name"));
        String namespace = document.text("/metadata/namespace");
        EntityRef ref = new EntityRef(
                kind,
                namespace == null ? EntityRef.DEFAULT_NAMESPACE : checked(document, "/metadata/namespace", namespace),
                name);
        Entity entity = new Entity(ref, document);
        if (document.has("/spec") && !document.content().at("/spec").isObject()) {
            throw document.broken("/spec", "`spec` must be a mapping");
        }
        entity.annotations();
        entity.checkShapes();
        return entity;
    }

    /** A malformed relation is an error of its file, not of the graph. */
    private void checkShapes() {
        for (String scalar : List.of("/spec/owner", "/spec/system", "/spec/parent", "/spec/type")) {
            if (document.has(scalar) && document.text(scalar) == null) {
                throw document.broken(scalar, "`" + scalar.substring(1).replace('/', '.') + "` must be text");
            }
        }
        one("/spec/owner", "group");
        one("/spec/system", "system");
        one("/spec/parent", "group");
        for (String list : List.of(
                "dependsOn", "dependencyOf", "consumesApis", "providesApis", "children", "members", "memberOf")) {
            many(list, "component");
        }
    }

    private static String checked(YamlDocument document, String pointer, String name) {
        if (name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
            throw document.broken(
                    pointer,
                    "`" + name + "` is no name: at most 63 letters and digits, separated by one of `-`, `_`, `.`");
        }
        return name;
    }

    String name() {
        return ref.shortName();
    }

    String file() {
        return document.file();
    }

    String title() {
        String title = document.text("/metadata/title");
        return title == null || title.isEmpty() ? ref.name() : title;
    }

    String description() {
        return document.text("/metadata/description");
    }

    String type() {
        return document.text("/spec/type");
    }

    String annotation(String name) {
        String text = document.text(annotationPointer(name));
        return text == null || text.isEmpty() ? null : text;
    }

    static String annotationPointer(String name) {
        return "/metadata/annotations/" + YamlDocument.escaped(name);
    }

    Map<String, String> annotations() {
        JsonNode node = document.content().at("/metadata/annotations");
        if (node.isMissingNode() || node.isNull()) {
            return Map.of();
        }
        if (!node.isObject()) {
            throw document.broken("/metadata/annotations", "`metadata.annotations` must be a mapping");
        }
        Map<String, String> annotations = new LinkedHashMap<>();
        node.properties().forEach(entry -> {
            if (!entry.getValue().isValueNode()) {
                throw document.broken(annotationPointer(entry.getKey()), "An annotation must be text");
            }
            annotations.put(entry.getKey(), entry.getValue().asText());
        });
        return annotations;
    }

    /** The reference at the place; null where it is absent or empty. */
    EntityRef one(String pointer, String defaultKind) {
        String text = document.text(pointer);
        return text == null || text.isEmpty() ? null : parsed(pointer, text, defaultKind);
    }

    /** A relation: the reference and the place that names it. */
    record Relation(EntityRef ref, String pointer) {}

    List<Relation> many(String relation, String defaultKind) {
        String pointer = "/spec/" + relation;
        List<Relation> relations = new ArrayList<>();
        for (String text : document.texts(pointer)) {
            String at = pointer + "/" + relations.size();
            relations.add(new Relation(parsed(at, text, defaultKind), at));
        }
        return relations;
    }

    private EntityRef parsed(String pointer, String text, String defaultKind) {
        try {
            return EntityRef.parse(text, defaultKind, ref.namespace());
        } catch (IllegalArgumentException e) {
            throw document.broken(pointer, e.getMessage());
        }
    }
}
