package dev.countersign.evidence;

import org.springframework.beans.factory.ObjectProvider;

/** How documents are named that the platform asked for itself: {@code system: part}. Nobody else sends under such a name, and so replaces what a system said. */
final class OwnSources {
    private OwnSources() {}

    static String of(String system, String part) {
        return system + ": " + part.strip();
    }

    static boolean isOne(ObjectProvider<EvidenceSource> systems, String source) {
        return systems.stream().anyMatch(system -> source.startsWith(system.name() + ":"));
    }
}
