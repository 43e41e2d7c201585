package dev.countersign.evidence.infrastructure;

import java.util.List;
import java.util.Set;

/** A rule that is for its own group, and for everybody: AWS lets both in. */
record OpenBesideSelf(String id, String title) implements Check {
    @Override
    public Set<String> kinds() {
        return Ingress.KINDS;
    }

    @Override
    public Verdict of(Resource resource, Resources all) {
        List<Ingress.Written> rules = Ingress.of(resource);
        Verdict verdict = null;
        for (Ingress.Written written : rules == null ? List.<Ingress.Written>of() : rules) {
            if (written.rule().isSelf() == Answer.NO) {
                continue;
            }
            Answer good =
                    written.rule().isSelf().and(written.rule()::namesEverybody).not();
            if (verdict == null || good == Answer.NO || verdict.good() == Answer.YES) {
                verdict = Verdict.of(good, Ingress.pointer(written));
            }
        }
        return verdict;
    }
}
