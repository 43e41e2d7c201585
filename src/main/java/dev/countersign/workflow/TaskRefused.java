package dev.countersign.workflow;

import dev.countersign.api.Problem;
import org.camunda.bpm.engine.impl.form.validator.FormFieldValidationException;

/**
 * An answer that breaks a rule, said in words. Our API answers with the given status. Camunda's REST API answers 400 with the message:
 * of all engine exceptions only this kind is not turned into a 500 there.
 */
public class TaskRefused extends FormFieldValidationException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String field;
    private String releaseKey;
    private String taskKey;

    private TaskRefused(int status, String field, String message) {
        super(field, message);
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

    static TaskRefused because(Problem problem) {
        TaskRefused refusal = new TaskRefused(problem.getStatusCode().value(), null, problem.getMessage());
        refusal.initCause(problem);
        return refusal;
    }

    TaskRefused at(OpenTask task) {
        releaseKey = task.releaseKey();
        taskKey = task.taskKey();
        return this;
    }

    String releaseKey() {
        return releaseKey;
    }

    String taskKey() {
        return taskKey;
    }

    public int status() {
        return status;
    }

    public String field() {
        return field;
    }
}
