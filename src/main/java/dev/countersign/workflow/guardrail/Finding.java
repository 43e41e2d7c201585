package dev.countersign.workflow.guardrail;

/**
 * What is wrong with a model, for the person who drew it.
 *
 * @param rule the rule's name, a word or two
 * @param file the resource
 * @param message what is wrong, where, and what would be right
 */
public record Finding(String rule, String file, String message) {
    @Override
    public String toString() {
        return file + ": " + message;
    }
}
