package dev.countersign.evidence.rotation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for looks that go on at the same time. One that is not over in time, or broke, is a fault of its own, and the others count all the same. */
final class Late {
    private Late() {}

    interface Failed<T, S> {
        S of(T subject, String code, String what);
    }

    /** In the order of the subjects. */
    static <T, S> List<S> all(List<Future<S>> looks, List<T> subjects, long end, String code, Failed<T, S> failed)
            throws InterruptedException {
        List<S> seen = new ArrayList<>();
        try {
            for (int i = 0; i < looks.size(); i++) {
                seen.add(one(looks.get(i), subjects.get(i), end, code, failed));
            }
        } finally {
            looks.forEach(look -> look.cancel(true));
        }
        return seen;
    }

    private static <T, S> S one(Future<S> look, T subject, long end, String code, Failed<T, S> failed)
            throws InterruptedException {
        try {
            return look.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return failed.of(subject, code, "no answer within the time");
        } catch (ExecutionException broken) {
            return failed.of(
                    subject,
                    Fault.ERROR,
                    "it could not be looked at (%s)"
                            .formatted(broken.getCause().getClass().getSimpleName()));
        }
    }
}
