package dev.countersign.evidence.infrastructure;

/**
 * @param good whether the resource is as it has to be
 * @param pointer of the value that decided; empty for the resource as a whole
 * @param shows false where it is good because there is nothing that the check could look at: such a pass shows no control
 */
public record Verdict(Answer good, String pointer, boolean shows) {
    static Verdict of(Answer good, String pointer) {
        return new Verdict(good, pointer, true);
    }
}
