package dev.countersign.evidence.infrastructure;

import java.util.List;
import java.util.Set;

/**
 * A property of a resource that must be true, or false.
 *
 * @param missing how it is where nothing is said
 * @param inherited properties that bring another resource's word with them, where nothing is said
 */
record TruthCheck(
        String id, String title, String kind, String property, boolean wanted, Answer missing, List<String> inherited)
        implements Check {
    TruthCheck {
        inherited = List.copyOf(inherited);
    }

    @Override
    public Set<String> kinds() {
        return Set.of(kind);
    }

    @Override
    public Set<String> decisive() {
        return Set.of(property);
    }

    @Override
    public Verdict of(Resource resource, Resources all) {
        boolean fromElsewhere = resource.value(property).isMissingNode()
                && inherited.stream().anyMatch(name -> !resource.value(name).isMissingNode());
        Answer said = fromElsewhere ? Answer.UNTOLD : Values.truth(resource.value(property), missing);
        return Verdict.of(wanted ? said : said.not(), resource.value(property).isMissingNode() ? "" : "/" + property);
    }
}
