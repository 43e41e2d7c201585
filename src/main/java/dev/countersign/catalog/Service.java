package dev.countersign.catalog;

import java.util.List;
import java.util.Map;

/**
 * A Backstage component of this catalog.
 *
 * @param owner the accountable team's group id; null for an orphan, which cannot release
 * @param onCall the group or person on call; falls back to {@code on-call}
 * @param unit the business unit that the team belongs to
 * @param tier {@code critical}, {@code high} or {@code standard}: annotation {@code countersign.dev/tier}
 * @param target what it runs on: {@code sandbox} for the sample organisation; annotation {@code countersign.dev/target}, else {@code production}
 * @param sharedPlatform whether dependents' releases give its owner a seat
 */
public record Service(
        String name,
        String title,
        String description,
        String owner,
        String team,
        String unit,
        String tier,
        String target,
        String onCall,
        boolean sharedPlatform,
        List<String> dependsOn,
        Map<String, String> annotations,
        String file) {}
