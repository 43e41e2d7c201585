package dev.countersign.release;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a vote is bound to. */
public interface Dossiers {
    /** As it was when a part changed last. */
    Dossier of(String releaseKey);

    /** Put together anew from the records, whatever was told of changes. What opens the way to users asks this one. */
    Dossier anew(String releaseKey);

    /**
     * To be called by whoever changed a part, in the same transaction. When the material digest is another one now, it is stored,
     * recorded in the timeline, published as {@link MaterialDossierChanged}, and the message {@code materialChanged} is sent.
     */
    void changed(String releaseKey, String why);

    /**
     * @param digest {@code sha256:…} over the material parts
     * @param parts each part's digest and whom it concerns
     */
    record Dossier(String releaseKey, String digest, Map<String, Part> parts) {
        /** The parts that are material to this seat, with their digests. */
        public Map<String, String> seenBy(String seat) {
            var seen = new java.util.TreeMap<String, String>();
            parts.forEach((name, part) -> {
                if (part.concerns(seat)) {
                    seen.put(name, part.digest());
                }
            });
            return seen;
        }
    }

    /** @param seats whom a change concerns; contains {@code all} where it concerns everybody; empty where it is not material */
    record Part(String name, String digest, boolean material, Set<String> seats, Object content) {
        public boolean concerns(String seat) {
            return material && (seats.contains("all") || seats.contains(seat));
        }
    }

    /** In memory, in the changing transaction. */
    record MaterialDossierChanged(String releaseKey, String before, String now, List<String> changedParts) {}
}
