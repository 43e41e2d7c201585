package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.evidence.infrastructure.Resource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Manifests of Kubernetes, one or several, also in a List: the pods that they describe and the containers in them. */
final class Manifests {
    /** Where each kind that runs something describes its pod. */
    private static final Map<String, String> PODS = new TreeMap<>(Map.of(
            "Pod", "/spec",
            "PodTemplate", "/template/spec",
            "Deployment", "/spec/template/spec",
            "ReplicaSet", "/spec/template/spec",
            "ReplicationController", "/spec/template/spec",
            "StatefulSet", "/spec/template/spec",
            "DaemonSet", "/spec/template/spec",
            "Job", "/spec/template/spec",
            "CronJob", "/spec/jobTemplate/spec/template/spec"));

    private static final Set<String> CONTEXT =
            Set.of("privileged", "readOnlyRootFilesystem", "allowPrivilegeEscalation", "runAsNonRoot", "runAsUser");
    /** They are near to one that decides, and known. */
    private static final Set<String> KNOWN = Set.of("runAsGroup", "ephemeralContainers");

    private static final Set<String> GROUPS = Set.of("apps", "batch", "autoscaling", "policy", "extensions");
    private static final List<String> CONTAINERS = List.of("containers", "initContainers", "ephemeralContainers");

    private final InfrastructureTally tally = new InfrastructureTally();
    private boolean any;

    /** Groups of the interface that Kubernetes itself serves: nothing else calls its documents so. */
    static boolean isOfKubernetes(String apiVersion) {
        int slash = apiVersion == null ? -1 : apiVersion.indexOf('/');
        if (slash < 0) {
            return "v1".equals(apiVersion);
        }
        String group = apiVersion.substring(0, slash);
        return apiVersion.startsWith("v", slash + 1) && (GROUPS.contains(group) || group.endsWith(".k8s.io"));
    }

    Reading read(Content content, boolean yaml) throws IOException, Unreadable {
        if (yaml) {
            JsonCursor.yaml(content, this::document);
        } else {
            JsonCursor.value(content, this::document);
        }
        if (!any) {
            throw new Unreadable("it has no manifest", "line 1, column 1");
        }
        return tally.reading("kubernetes manifests", Map.of(), true);
    }

    /** A gap between two lines of dashes is none. */
    private void document(JsonCursor json) throws IOException, Unreadable {
        if (json.isNull()) {
            return;
        }
        if (!json.isObject()) {
            throw json.fault("a manifest must be an object");
        }
        any = true;
        Places places = new Places();
        object(json.tree("a manifest", places), places, "");
    }

    private void object(JsonNode manifest, Places places, String at) throws Unreadable {
        String kind = CycloneDx.text(manifest, "kind");
        String version = CycloneDx.text(manifest, "apiVersion");
        if (kind == null || version == null || kind.isBlank() || version.isBlank()) {
            throw new Unreadable("a manifest has an apiVersion and a kind, this one has not", places.of(at));
        }
        if (kind.contains("PolicyReport") || version.startsWith("openreports.io/")) {
            throw new Unreadable("a policy report is sent alone, as kyverno", places.of(at + "/kind"));
        }
        if (version.startsWith("aquasecurity.github.io/")) {
            throw new Unreadable(
                    "a report of Trivy's operator is sent alone, as trivy-operator", places.of(at + "/kind"));
        }
        JsonNode items = manifest.path("items");
        if (kind.endsWith("List") && (items.isArray() || kind.equals("List"))) {
            if (!items.isArray() || !at.isEmpty()) {
                throw new Unreadable("items must be an array, and in no other list", places.of(at + "/items"));
            }
            for (int index = 0; index < items.size(); index++) {
                object(
                        Shape.object(items.get(index), "a manifest", places.of("/items/" + index)),
                        places,
                        "/items/" + index);
            }
            return;
        }
        String namespace = manifest.path("metadata").path("namespace").asText("");
        String name = manifest.path("metadata")
                .path("name")
                .asText(manifest.path("metadata").path("generateName").asText(""));
        String address = kind + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
        tally.found(address);
        if (PODS.containsKey(kind)) {
            pod(manifest, at + PODS.get(kind), at, address, places);
        } else if (isOfKubernetes(version)) {
            refuse(Misspelt.near(kind, PODS.keySet()), kind, places.of(at + "/kind"));
        }
    }

    private void pod(JsonNode manifest, String pointer, String at, String address, Places places) throws Unreadable {
        JsonNode pod = manifest.at(pointer.substring(at.length()));
        if (!pod.isObject()) {
            throw new Unreadable("it describes no pod: %s is missing".formatted(pointer), places.of(at + "/kind"));
        }
        Resource whole = new Resource(Resource.POD, address, pod, inner -> places.of(pointer + inner));
        InfrastructureReader.refuseMisspelt(whole);
        JsonNode context = context(pod, pointer, places);
        tally.look(whole, 0);
        if (pod.path("containers").isEmpty()) {
            throw new Unreadable("it has no containers", places.of(pointer + "/containers"));
        }
        for (String list : CONTAINERS) {
            int index = 0;
            for (JsonNode container : Shape.list(pod, list, places.of(pointer))) {
                String here = pointer + "/" + list + "/" + index++;
                container(Shape.object(container, "a container", places.of(here)), context, here, address, places);
            }
        }
    }

    private void container(JsonNode container, JsonNode pod, String pointer, String address, Places places)
            throws Unreadable {
        ObjectNode values = container.deepCopy();
        values.set(Resource.POD_CONTEXT, pod);
        Resource one = new Resource(
                Resource.CONTAINER,
                address + " container " + container.path("name").asText(""),
                values,
                inner -> places.of(pointer + inner));
        InfrastructureReader.refuseMisspelt(one);
        context(container, pointer, places);
        tally.look(one, 0);
    }

    private static JsonNode context(JsonNode of, String pointer, Places places) throws Unreadable {
        JsonNode context = of.path("securityContext");
        if (context.isMissingNode() || context.isNull()) {
            return context;
        }
        String at = pointer + "/securityContext";
        for (Map.Entry<String, JsonNode> said :
                Shape.object(context, "securityContext", places.of(at)).properties()) {
            if (!CONTEXT.contains(said.getKey()) && !KNOWN.contains(said.getKey())) {
                refuse(Misspelt.near(said.getKey(), CONTEXT), said.getKey(), places.of(at + "/" + said.getKey()));
            }
        }
        return context;
    }

    private static void refuse(String right, String name, String place) throws Unreadable {
        if (right != null) {
            throw new Unreadable("'%s' is not known here; '%s' would be right".formatted(Words.of(name), right), place);
        }
    }
}
