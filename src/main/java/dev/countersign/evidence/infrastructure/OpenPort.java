package dev.countersign.evidence.infrastructure;

import java.util.List;
import java.util.Set;

/**
 * A port that everybody can reach. A rule that names its own group is read as one for that group, as other tools read it; {@link OpenBesideSelf} looks at whom it names beside.
 */
record OpenPort(String id, String title, int port, Set<String> protocols) implements Check {
    OpenPort {
        protocols = Set.copyOf(protocols);
    }

    @Override
    public Set<String> kinds() {
        return Ingress.KINDS;
    }

    @Override
    public Set<String> decisive() {
        return Set.of("ingress");
    }

    @Override
    public Verdict of(Resource resource, Resources all) {
        List<Ingress.Written> rules = Ingress.of(resource);
        if (rules == null) {
            return null;
        }
        // One that says nothing may have rules of their own beside it, which are looked at themselves.
        boolean shows = !rules.isEmpty() || !resource.value("ingress").isMissingNode();
        Verdict verdict = new Verdict(Answer.YES, "", shows);
        for (Ingress.Written written : rules) {
            Rule rule = written.rule();
            Answer good = rule.isSelf()
                    .not()
                    .and(rule::isOpen)
                    .and(() -> rule.reaches(port, protocols))
                    .not();
            if (good == Answer.NO || (good == Answer.UNTOLD && verdict.good() == Answer.YES)) {
                verdict = Verdict.of(good, Ingress.pointer(written));
            }
        }
        return verdict;
    }
}
