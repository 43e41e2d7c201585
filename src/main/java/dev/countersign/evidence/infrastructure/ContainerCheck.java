package dev.countersign.evidence.infrastructure;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** A property of a container's security context that must be true, or false. */
record ContainerCheck(String id, String title, String property, boolean wanted, Answer missing) implements Check {
    private static final String CONTEXT = "securityContext";

    @Override
    public Set<String> kinds() {
        return Set.of(Resource.CONTAINER);
    }

    @Override
    public Set<String> decisive() {
        return Set.of(CONTEXT);
    }

    @Override
    public Verdict of(Resource container, Resources all) {
        JsonNode said = context(container).path(property);
        Answer answer = Values.strictTruth(said, missing);
        return Verdict.of(wanted ? answer : answer.not(), said.isMissingNode() ? "/name" : pointer(property));
    }

    static JsonNode context(Resource container) {
        return container.values().path(CONTEXT);
    }

    static String pointer(String property) {
        return "/" + CONTEXT + "/" + property;
    }
}
