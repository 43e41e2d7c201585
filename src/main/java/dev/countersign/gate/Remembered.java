package dev.countersign.gate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Answers of a table, as many as fit: a deployment's table never changes, and the same documents are judged again and again. */
final class Remembered<T> {
    private static final int MOST = 20_000;
    private final Map<List<String>, T> answers = Collections.synchronizedMap(new Newest<>());

    private static final class Newest<V> extends LinkedHashMap<List<String>, V> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, V> eldest) {
            return size() > MOST;
        }
    }

    T of(List<String> question, Supplier<T> answer) {
        T known = answers.get(question);
        if (known == null) {
            known = answer.get();
            answers.put(question, known);
        }
        return known;
    }
}
