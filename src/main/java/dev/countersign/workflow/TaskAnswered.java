package dev.countersign.workflow;

/** A person completed a task. In memory, in the completing transaction. */
public record TaskAnswered(OpenTask task, Answer answer) {}
