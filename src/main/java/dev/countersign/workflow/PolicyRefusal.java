package dev.countersign.workflow;

import java.util.Map;

/**
 * An attempt to change policy was refused and leaves nothing behind: a deployment past the guardrails, or an answer to a change's task. The
 * transaction it happened in is rolled back, or is over already.
 *
 * @param type a dotted past-tense word, for example {@code policy.deployment-refused}
 * @param actor whose attempt it was
 * @param content what was tried, and why it was refused
 */
public record PolicyRefusal(String type, String actor, Map<String, Object> content) {}
