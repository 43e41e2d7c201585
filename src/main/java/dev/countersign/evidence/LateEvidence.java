package dev.countersign.evidence;

import dev.countersign.release.Release;

/** Says of which releases that are over documents are still taken: what a hotfix was spared is made up for in its review. */
public interface LateEvidence {
    boolean isAwaited(Release release);
}
