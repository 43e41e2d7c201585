package dev.countersign.evidence.infrastructure;

import java.util.function.Supplier;

/** Yes, no, or not told by the file: what depends on something that is not told is only answered where it does not decide. */
public enum Answer {
    YES,
    NO,
    UNTOLD;

    static Answer of(boolean yes) {
        return yes ? YES : NO;
    }

    Answer or(Supplier<Answer> other) {
        if (this == YES) {
            return YES;
        }
        Answer second = other.get();
        return second == YES ? YES : this == NO ? second : UNTOLD;
    }

    Answer and(Supplier<Answer> other) {
        return not().or(() -> other.get().not()).not();
    }

    Answer not() {
        return this == UNTOLD ? UNTOLD : of(this == NO);
    }
}
