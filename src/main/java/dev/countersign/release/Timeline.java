package dev.countersign.release;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Everything that happened to a release, machine and person, in order. Each entry is a leaf of the transparency log too. */
public interface Timeline {
    /**
     * @param type a dotted past-tense word, for example {@code vote.cast}, {@code gate.evaluated}, {@code rollout.step-started}
     * @param text one sentence for a person
     * @param detail the facts, small
     */
    void record(String releaseKey, String type, String actor, String text, Map<String, Object> detail);

    /**
     * Records an attempt that was refused. Written in a transaction of its own, so that it stays although the refused one is
     * rolled back.
     */
    void refused(String releaseKey, String type, String actor, String text, Map<String, Object> detail);

    List<Entry> of(String releaseKey);

    record Entry(long id, Instant at, String type, String actor, String text, Map<String, Object> detail) {}
}
