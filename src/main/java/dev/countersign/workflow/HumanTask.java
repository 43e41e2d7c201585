package dev.countersign.workflow;

import java.util.Map;
import java.util.Set;

/**
 * What a person sees when a task opens, and what their answer does. One bean per user task of the models, found by its id.
 *
 * <p>The form's fields are validated before {@link #complete} is called: unknown keys, wrong types, missing required values
 * and people who are neither assignee nor candidate are refused. What is left to the bean are the rules of its domain.
 */
public interface HumanTask {
    /** The user task's id in the model, for example {@code voteOnReadiness}. */
    String id();

    /**
     * The facts shown on the form, read when the form is opened, never stored as process variables. Values are strings,
     * numbers, booleans, lists of maps (tables) or maps; keys are the ones that the form's expressions use.
     */
    Map<String, Object> briefing(OpenTask task);

    /**
     * Checks the answer, writes the facts into the domain's tables and returns the few outcome variables that the model reads.
     * Runs in the completing transaction. Other fields of the form never become process variables.
     *
     * @throws TaskRefused when the answer breaks a rule; nothing is written then
     */
    Map<String, Object> complete(OpenTask task, Answer answer);

    /**
     * The answer as the record keeps it for ever: all of it, unless it names people outside, who have a right to be forgotten.
     */
    default Answer recorded(Answer answer) {
        return answer;
    }

    /**
     * The names of the variables that {@link #complete} may return, so that the model check can tell whether a condition reads
     * something that somebody writes.
     */
    default Set<String> outcomes() {
        return Set.of();
    }
}
