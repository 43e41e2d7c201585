package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What environments say of themselves in their annotations, and what of it cannot be meant. */
final class EnvironmentWords {
    static final String PRODUCTION = "countersign.dev/production";
    static final String REPORTED_AS = "countersign.dev/reported-as";

    private EnvironmentWords() {}

    /** Only the word itself says that no users are there: whoever writes another one is taken to mean that they are. */
    static boolean isProduction(Entity environment) {
        String said = environment.annotation(PRODUCTION);
        return said == null
                ? Environment.PRODUCTION.equalsIgnoreCase(environment.name())
                : !"false".equalsIgnoreCase(said.strip());
    }

    static List<String> reportedAs(Entity environment) {
        String said = environment.annotation(REPORTED_AS);
        return said == null
                ? List.of()
                : Arrays.stream(said.split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList();
    }

    static List<Problem> problems(List<Entity> environments) {
        List<Problem> problems = new ArrayList<>();
        Map<String, Entity> called = new LinkedHashMap<>();
        environments.forEach(environment -> called.putIfAbsent(small(environment.name()), environment));
        for (Entity environment : environments) {
            String said = environment.annotation(PRODUCTION);
            if (said != null && !List.of("true", "false").contains(small(said.strip()))) {
                problems.add(environment
                        .document()
                        .problem(
                                Entity.annotationPointer(PRODUCTION),
                                "`" + said + "` is neither true nor false; `" + environment.name()
                                        + "` counts as production"));
            }
            reportedAs(environment).forEach(name -> {
                Entity other = called.putIfAbsent(small(name), environment);
                if (other != null && other != environment) {
                    problems.add(twice(environment, "`" + name + "` is what " + other.ref() + " is called too"));
                } else if (name.equalsIgnoreCase(Environment.PRODUCTION) && !isProduction(environment)) {
                    problems.add(twice(environment, "`" + name + "` counts as production, this environment does not"));
                }
            });
        }
        return problems;
    }

    private static Problem twice(Entity environment, String message) {
        return environment.document().problem(Entity.annotationPointer(REPORTED_AS), message);
    }

    private static String small(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
