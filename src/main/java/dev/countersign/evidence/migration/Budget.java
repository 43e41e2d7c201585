package dev.countersign.evidence.migration;

/** What the files of one registration may become, all together: each may be small, and grow by what it takes from the others. */
final class Budget {
    private final String what;
    private final long most;
    private long spent;

    /** @param what grows, as it is told */
    Budget(String what, long most) {
        this.what = what;
        this.most = most;
    }

    /** @throws IllegalArgumentException where that is more than there is */
    void spend(long amount, String by) {
        spent += amount;
        if (spent > most) {
            throw new IllegalArgumentException(by + ": " + what + " more than " + most + " characters");
        }
    }
}
