package dev.countersign.observe;

import dev.countersign.catalog.Service;
import java.util.List;

/** Which services take in what pages of their users tell. */
public final class RealUsers {
    /** Annotation of a service: origins of its pages, separated by spaces or commas. Without it nothing is taken in. */
    public static final String ORIGINS = "countersign.dev/rum-origins";

    private RealUsers() {}

    public static List<String> originsOf(Service service) {
        String origins = service.annotations().get(ORIGINS);
        return origins == null || origins.isBlank()
                ? List.of()
                : List.of(origins.strip().split("[\\s,]+"));
    }

    public static boolean areHeard(Service service) {
        return !originsOf(service).isEmpty();
    }
}
