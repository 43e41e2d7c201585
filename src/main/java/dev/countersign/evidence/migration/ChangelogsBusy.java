package dev.countersign.evidence.migration;

/** Changelogs are read one after another, and those before took too long. */
final class ChangelogsBusy extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ChangelogsBusy() {
        super("Changelogs of others are still being read: send it again");
    }
}
