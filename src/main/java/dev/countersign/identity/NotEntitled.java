package dev.countersign.identity;

/** The actor may not do this: 403, with the reason in words. */
public class NotEntitled extends RuntimeException {
    public NotEntitled(String message) {
        super(message);
    }
}
