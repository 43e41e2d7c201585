package dev.countersign.evidence.infrastructure;

import java.util.List;
import java.util.Set;

/** What a pod shares with the machine that it runs on. */
record PodCheck(String id, String title, List<String> shared) implements Check {
    PodCheck {
        shared = List.copyOf(shared);
    }

    @Override
    public Set<String> kinds() {
        return Set.of(Resource.POD);
    }

    @Override
    public Set<String> decisive() {
        return Set.of("hostNetwork", "hostPID", "hostIPC", "containers", "initContainers", "securityContext");
    }

    @Override
    public Verdict of(Resource pod, Resources all) {
        Verdict verdict = Verdict.of(Answer.YES, "");
        for (String name : shared) {
            Answer good = Values.strictTruth(pod.value(name), Answer.NO).not();
            if (good == Answer.NO || (good == Answer.UNTOLD && verdict.good() == Answer.YES)) {
                verdict = Verdict.of(good, "/" + name);
            }
        }
        return verdict;
    }
}
