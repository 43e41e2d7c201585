package dev.countersign.workflow;

/** A model entered an element that names a release state. In memory, in the engine's transaction. */
public record StateEntered(String releaseKey, String state, String element) {}
