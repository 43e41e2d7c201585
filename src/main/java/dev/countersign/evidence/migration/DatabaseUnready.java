package dev.countersign.evidence.migration;

/** A check failed before anything was deployed: what the migration would do to such data nobody has thought of. */
class DatabaseUnready extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DatabaseUnready(String message) {
        super(message);
    }
}
