package dev.countersign.evidence.infrastructure;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** The container says that it does not run as root, or its pod does for it; a user's number that is not 0 says it too. */
record RootUser(String id, String title) implements Check {
    @Override
    public Set<String> kinds() {
        return Set.of(Resource.CONTAINER);
    }

    @Override
    public Verdict of(Resource container, Resources all) {
        JsonNode own = ContainerCheck.context(container);
        JsonNode pod = container.values().path(Resource.POD_CONTEXT);
        JsonNode nonRoot = first(own, pod, "runAsNonRoot");
        JsonNode user = first(own, pod, "runAsUser");
        Answer good = Values.strictTruth(nonRoot, Answer.NO).or(() -> isAnother(user));
        String pointer = own.path("runAsNonRoot").isMissingNode() ? "/name" : ContainerCheck.pointer("runAsNonRoot");
        return Verdict.of(good, pointer);
    }

    /** What the container says stands before what its pod says. */
    private static JsonNode first(JsonNode own, JsonNode pod, String name) {
        JsonNode said = Resource.said(own.path(name));
        return said.isMissingNode() ? Resource.said(pod.path(name)) : said;
    }

    private static Answer isAnother(JsonNode user) {
        return user.isMissingNode()
                ? Answer.NO
                : user.isIntegralNumber() ? Answer.of(user.asLong() > 0) : Answer.UNTOLD;
    }
}
