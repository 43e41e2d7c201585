package dev.countersign.release;

/** A release entered another state. In memory, in the transaction that changed it. */
public record StateChanged(String releaseKey, ReleaseState from, ReleaseState to) {}
