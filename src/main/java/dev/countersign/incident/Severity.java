package dev.countersign.incident;

/** How bad a rollback is taken to be, before anybody has looked: by the release's risk tier. */
enum Severity {
    SEV1,
    SEV2,
    SEV3;

    /** What no user met is not severe, whatever the release was. */
    static Severity of(String tier, boolean exposed) {
        return exposed ? ofTier(tier) : SEV3;
    }

    /** An unknown tier counts as the highest. */
    static Severity ofTier(String tier) {
        if ("standard".equals(tier)) {
            return SEV3;
        }
        return "high".equals(tier) ? SEV2 : SEV1;
    }
}
