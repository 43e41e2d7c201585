package dev.countersign.workflow;

/**
 * Tells waiting process instances that a fact has been stored. The message is written as a one-time task in the current
 * transaction and correlated after its commit, to every execution of the business key that waits for it, and again a little later
 * where nobody waited yet. A step that waits must look at the facts before it waits.
 */
public interface Messages {
    void send(String message, String releaseKey);
}
