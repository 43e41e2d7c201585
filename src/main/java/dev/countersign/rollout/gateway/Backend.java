package dev.countersign.rollout.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A service that a rule sends traffic to.
 *
 * @param port null where any will do
 */
record Backend(String namespace, String name, Integer port) {
    private static final Pattern FORM = Pattern.compile(
            "(?:(?<namespace>[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)/)?(?<name>[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)(?::(?<port>[1-9]\\d{0,4}))?");

    static boolean isOne(String text) {
        return text != null && FORM.matcher(text).matches();
    }

    static Backend of(String text, String namespaceOfRoute) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not [namespace/]name[:port]");
        }
        String namespace = parts.group("namespace");
        String port = parts.group("port");
        return new Backend(
                namespace == null ? namespaceOfRoute : namespace,
                parts.group("name"),
                port == null ? null : Integer.valueOf(port));
    }

    boolean isSameService(Backend other) {
        return namespace.equals(other.namespace) && name.equals(other.name);
    }

    /** Whether the reference of a route is this service, at whatever port. What is left out of it has the API's defaults. */
    boolean isServiceOf(JsonNode ref, String namespaceOfRoute) {
        return ref.path("group").asText("").isEmpty()
                && ref.path("kind").asText("Service").equals("Service")
                && ref.path("name").asText().equals(name)
                && ref.path("namespace").asText(namespaceOfRoute).equals(namespace);
    }

    boolean is(JsonNode ref, String namespaceOfRoute) {
        return isServiceOf(ref, namespaceOfRoute)
                && (port == null || ref.path("port").asInt() == port);
    }

    @Override
    public String toString() {
        return namespace + "/" + name + (port == null ? "" : ":" + port);
    }
}
