package dev.countersign.observe;

import dev.countersign.observe.correlation.Finding;
import dev.countersign.observe.correlation.Question;

/** Asks every monitoring source whether a release is the root of what goes wrong. Takes seconds: never where somebody waits. */
public interface Correlations {
    /** Whether there is more to ask than the metrics of the service alone: traces of it, or logs. */
    boolean serve(String service);

    /** What could not be asked is a gap of the finding; it names nobody and rules nothing out by itself. */
    Finding of(Question question) throws InterruptedException;
}
