package dev.countersign.workflow;

import java.util.Map;

/**
 * Something became of a change of policy: found, submitted, withdrawn, approved, rejected, in force, refused, lapsed or superseded. In memory, in
 * the transaction that makes it so.
 *
 * @param type a dotted past-tense word, for example {@code policy.approved}
 * @param actor who did it; the platform where a folder or a deadline did
 * @param content the change's number, its source and digest, and what was said
 */
public record PolicyFact(String type, String actor, Map<String, Object> content) {}
