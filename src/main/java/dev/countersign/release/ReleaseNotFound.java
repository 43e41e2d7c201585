package dev.countersign.release;

/** 404. */
public class ReleaseNotFound extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ReleaseNotFound(String key) {
        super("There is no release " + key);
    }
}
