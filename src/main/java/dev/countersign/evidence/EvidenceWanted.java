package dev.countersign.evidence;

import java.util.Collection;

/** Says for how long documents are waited for: kept by the modules that judge them. */
public interface EvidenceWanted {
    /** Whether something still waits for documents of these types. */
    boolean isWanted(String releaseKey, Collection<String> types);
}
