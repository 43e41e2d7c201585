package dev.countersign.workflow;

import java.util.List;
import java.util.Map;

/**
 * Files that decide about releases, for example the models or the checklists. A change of them takes effect only when a second
 * person has approved it: the platform watches {@link #files()}, checks what it finds, shows the difference to people, and calls
 * {@link #activate} with what they approved.
 */
public interface PolicySource {
    /** A word, for example {@code models}. */
    String name();

    /** The files as they stand in their folder now: name to exact bytes. */
    Map<String, byte[]> files();

    /** What keeps these files from taking effect, one sentence each, with the place; empty where they may. */
    List<String> problems(Map<String, byte[]> files);

    /** Whether the change needs the approval of compliance, because it moves what compliance owns. */
    default boolean concernsCompliance(Map<String, byte[]> before, Map<String, byte[]> after) {
        return false;
    }

    /**
     * Puts the files in force, for what begins from now on. Called in the transaction that records the approval, and on every node
     * once more at its start and when another node has put them in force; the same files again change nothing.
     */
    void activate(Map<String, byte[]> files);
}
