package dev.countersign.criteria;

import dev.countersign.release.Release;
import java.util.Map;

/** What a criterion of a release can be bound to; offered by whoever measures it. */
public interface Measurable {
    /** Binding, for example {@code gate:junit}, to what it measures in words. */
    Map<String, String> of(Release release);
}
