package dev.countersign.rollback;

import java.io.IOException;

/** The systems answered, and users are not where they were before the release. */
class Unproven extends IOException {
    private static final long serialVersionUID = 1L;

    /** What is not as before; each is mended by other rungs. */
    enum What {
        /** Something else runs, or gets traffic. */
        PLACE,
        /** What runs is right, and it is not well. */
        HEALTH,
        /** The data is not what it was. */
        DATA,
        /** The flag is not off, or something else does not hold that no rung mends. */
        OTHER
    }

    private final What what;

    Unproven(What what, String sentence) {
        super(sentence);
        this.what = what;
    }

    What what() {
        return what;
    }
}
