package dev.countersign.gate;

import dev.countersign.gate.Gates.Gate;
import java.util.List;

/**
 * Gates that people clear by what they confirm, and no document: the module that asks them says how they stand. Their own tasks ask for what is missing, so they are shown among the others and not
 * evaluated with them.
 */
public interface ManualGates {
    /** Of a release that may have none: it began under models without them. */
    List<Gate> of(String releaseKey);
}
