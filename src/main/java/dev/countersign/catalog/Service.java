package dev.countersign.catalog;

import java.util.List;
import java.util.Map;

/**
 * A Backstage component of this catalog.
 *
 * @param name the component's name; in a namespace other than {@code default} {@code namespace.name}
 * @param owner the accountable team's group id as the file names it; null for an orphan, which cannot release
 * @param team the same group where the catalog describes it; null otherwise
 * @param onCall the group or person on call; falls back to {@code on-call}
 * @param unit the business unit that the team belongs to
 * @param tier {@code critical}, {@code high} or {@code standard}: annotation {@code countersign.dev/tier}; left out, the strictest
 * @param target what it runs on: {@code sandbox} for the sample organisation; annotation {@code countersign.dev/target}, else {@code production}
 * @param sharedPlatform whether dependents' releases give its owner a seat
 * @param dependsOn names of services, from {@code dependsOn}, {@code dependencyOf} and consumed APIs
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
        String file) {
    private static final String TEMPLATE = "countersign.dev/template";

    /** The template that it was made from, by its annotation; empty where it names none. */
    public String template() {
        return annotations.getOrDefault(TEMPLATE, "").strip();
    }
}
