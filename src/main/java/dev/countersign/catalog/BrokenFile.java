package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;

/** A file, or a document in it, that cannot be read; says where. */
class BrokenFile extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    BrokenFile(String file, Place place, String message) {
        super(message);
        this.problem = problem(file, place, message);
    }

    Problem problem() {
        return problem;
    }

    static Problem problem(String file, Place place, String message) {
        return place == null
                ? new Problem(file, null, null, message)
                : new Problem(file, place.line(), place.column(), message);
    }
}
