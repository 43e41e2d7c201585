package dev.countersign.evidence.infrastructure;

import java.util.Set;

/** A module is called, and what it describes stands elsewhere: in a plan it does not. */
record UnseenModule(String id, String title) implements Check {
    @Override
    public Set<String> kinds() {
        return Set.of(Resource.MODULE);
    }

    @Override
    public Verdict of(Resource module, Resources all) {
        return Verdict.of(Answer.UNTOLD, "");
    }
}
