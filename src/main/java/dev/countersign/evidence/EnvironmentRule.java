package dev.countersign.evidence;

import dev.countersign.api.Problem;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Environment;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Reading;
import java.util.List;
import org.springframework.stereotype.Component;

/** Which environment a document is about: one of the catalog, as its sender names it, or as the document states it itself. */
@Component
class EnvironmentRule {
    /** The detail of a document that states its environment. */
    private static final String STATED = "environment";

    private final Catalog catalog;

    EnvironmentRule(Catalog catalog) {
        this.catalog = catalog;
    }

    /** @param named by the sender; null where not @return null where nobody names one that the catalog knows */
    String decide(DocumentType type, String named, Reading reading) {
        if (named == null) {
            return known(null, reading);
        }
        if (!type.mayNameEnvironment()) {
            throw Problem.invalid(
                    "/environment", "%s is the same in each environment: send it without one".formatted(type.words()));
        }
        List<String> names = names();
        if (!names.contains(named)) {
            throw Problem.invalid(
                    "/environment",
                    "The catalog has no environment '%s'. It has %s"
                            .formatted(named, names.isEmpty() ? "none" : String.join(", ", names)));
        }
        Object stated = reading.details().get(STATED);
        if (stated != null && !stated.equals(named)) {
            throw Problem.invalid(
                    "/environment", "The document says itself that it is about %s, not %s".formatted(stated, named));
        }
        return named;
    }

    /** What somebody states who was not asked to name one of the catalog counts where the catalog knows it. */
    String known(String named, Reading reading) {
        Object stated = named == null ? reading.details().get(STATED) : named;
        return stated instanceof String name && names().contains(name) ? name : null;
    }

    private List<String> names() {
        return catalog.environments().stream().map(Environment::name).toList();
    }

    /** What was found in one environment does not take the place of what was found in another. What states its own is told apart by that. */
    static String source(String source, String named, Reading reading) {
        return named == null || reading.details().containsKey(STATED) ? source : source + " in " + named;
    }
}
