package dev.countersign.evidence.change;

import dev.countersign.evidence.EvidenceSource.Asked;

/** Whose change record a release has. */
final class ChangeSystems {
    private ChangeSystems() {}

    /** By the number that the release names. Without one it is everybody's, outside the sandbox: each then says that none was named. */
    static boolean concerns(Asked asked, String pattern) {
        String rfc = asked.release().rfc();
        return rfc == null || rfc.isBlank() ? !asked.target().equals("sandbox") : rfc.matches(pattern);
    }
}
