package dev.countersign.release;

/** There is no current clearance: nothing moves forward. */
public class ClearanceMissing extends StateConflict {
    private static final long serialVersionUID = 1L;

    public ClearanceMissing(String message) {
        super(message);
    }
}
