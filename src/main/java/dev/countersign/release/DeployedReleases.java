package dev.countersign.release;

/** Of which releases something may stand at a target. Kept by the module that deploys. */
public interface DeployedReleases {
    /** True from the plan of its rollout on. */
    boolean contains(String releaseKey);
}
