package dev.countersign.release;

/** The state does not allow this: 409, with the reason in words. */
public class StateConflict extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StateConflict(String message) {
        super(message);
    }
}
