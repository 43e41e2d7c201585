package dev.countersign.sandbox;

/** Picks a share of calls evenly: of any hundred calls with share 0.1, ten. */
final class EvenShare {
    private static final long WHOLE = 1_000_000;
    private long credit = WHOLE / 2;

    synchronized boolean next(double share) {
        credit += Math.round(share * WHOLE);
        if (credit >= WHOLE) {
            credit -= WHOLE;
            return true;
        }
        return false;
    }
}
