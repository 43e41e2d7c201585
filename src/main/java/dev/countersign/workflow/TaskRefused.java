package dev.countersign.workflow;

import org.camunda.bpm.engine.BadUserRequestException;

/**
 * An answer that breaks a rule, said in words. Camunda's REST API answers 400 with the message; our API answers with the
 * given status.
 */
public class TaskRefused extends BadUserRequestException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String field;

    private TaskRefused(int status, String field, String message) {
        super(message);
        this.status = status;
        this.field = field;
    }

    /** The answer is wrong at one field (422). */
    public static TaskRefused invalid(String field, String message) {
        return new TaskRefused(422, field, message);
    }

    /** The actor may not do this (403). */
    public static TaskRefused forbidden(String message) {
        return new TaskRefused(403, null, message);
    }

    /** The state has moved on, for example a vote on an old dossier (409). */
    public static TaskRefused stale(String message) {
        return new TaskRefused(409, null, message);
    }

    public int status() {
        return status;
    }

    public String field() {
        return field;
    }
}
