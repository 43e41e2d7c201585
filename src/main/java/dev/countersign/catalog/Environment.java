package dev.countersign.catalog;

import java.util.List;

/**
 * Where services run: a Backstage resource of type {@code environment}.
 *
 * @param production whether users are there: annotation {@code countersign.dev/production}, unless it says {@code false}; left out, whether its name is {@code production}
 * @param reportedAs what deployment systems call it beside its name: annotation {@code countersign.dev/reported-as}, with commas between
 */
public record Environment(
        String name,
        String title,
        String description,
        String owner,
        String file,
        boolean production,
        List<String> reportedAs) {
    /** The name that counts as production where no file says otherwise. */
    public static final String PRODUCTION = "production";

    public Environment {
        reportedAs = List.copyOf(reportedAs);
    }

    /** Whether a deployment system means it, in capital or small letters. */
    public boolean isCalled(String reported) {
        return name.equalsIgnoreCase(reported) || reportedAs.stream().anyMatch(reported::equalsIgnoreCase);
    }
}
