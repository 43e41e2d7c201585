package dev.countersign.learning.delivery;

import dev.countersign.api.Problem;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Whatever is not the sandbox counts as production: a service that the catalog knows no more, too. */
enum Target {
    PRODUCTION,
    SANDBOX;

    private static final String SANDBOX_TARGET = "sandbox";

    /** Left out it is production; only where all that is asked for is in the sandbox, the sandbox, which then says so. */
    static Target of(Asked asked, Catalog catalog) {
        String wanted = given(asked.target());
        if (wanted == null) {
            Set<String> sandbox = names(catalog, Target::isSandbox);
            Set<String> only = chosen(asked, catalog);
            Set<String> all = only == null ? names(catalog, one -> true) : only;
            return !all.isEmpty() && sandbox.containsAll(all) ? SANDBOX : PRODUCTION;
        }
        return switch (wanted.toLowerCase(Locale.ROOT)) {
            case "production" -> PRODUCTION;
            case SANDBOX_TARGET -> SANDBOX;
            default -> throw Problem.invalid("/target", "is production or sandbox");
        };
    }

    Scope scope(Asked asked, Catalog catalog) {
        Set<String> sandbox = names(catalog, Target::isSandbox);
        Set<String> only = chosen(asked, catalog);
        if (this == PRODUCTION) {
            return new Scope(only, sandbox);
        }
        return new Scope(
                only == null ? sandbox : only.stream().filter(sandbox::contains).collect(Collectors.toSet()), Set.of());
    }

    /** A unit is the services that it owns now; null where nothing is chosen. */
    private static Set<String> chosen(Asked asked, Catalog catalog) {
        String service = given(asked.service());
        String unit = given(asked.unit());
        if (unit == null) {
            return service == null ? null : Set.of(service);
        }
        return names(catalog, one -> unit.equals(one.unit()) && (service == null || service.equals(one.name())));
    }

    private static boolean isSandbox(Service service) {
        return SANDBOX_TARGET.equals(service.target());
    }

    private static Set<String> names(Catalog catalog, Predicate<Service> wanted) {
        return catalog.services().stream().filter(wanted).map(Service::name).collect(Collectors.toSet());
    }

    private static String given(String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
