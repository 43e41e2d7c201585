package dev.countersign.workflow;

/** A person's attempt at a task was refused. Published after the refused transaction has been rolled back. */
public record AnswerRefused(String releaseKey, String taskKey, String actor, String reason) {}
