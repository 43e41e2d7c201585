package dev.countersign.evidence.reader;

import dev.countersign.evidence.reader.Base.Earlier;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** An OpenAPI description, compared with the one before it. */
@Component
class OpenApiReader implements DocumentReader {
    private static final int MOST_NAMED = 200;
    private final Clock clock;

    OpenApiReader(Clock clock) {
        this.clock = clock;
    }

    @Override
    public DocumentType type() {
        return DocumentType.OPENAPI;
    }

    /** To be compared with later: it is checked to be readable, and shows nothing by itself. */
    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        ApiDescription api = ApiDescription.read(content);
        return reading(api, new LinkedHashMap<>(), new LinkedHashMap<>(), empty(api), List.of());
    }

    @Override
    public Reading read(Content content, Base base) throws IOException, Unreadable {
        ApiDescription api = ApiDescription.read(content);
        Earlier earlier = base.of(producer(api));
        if (earlier == null) {
            String gap =
                    "there is no contract to compare it with: neither the service's last stable release has one, nor"
                            + " was one sent before it with source=base";
            return reading(api, new LinkedHashMap<>(), new LinkedHashMap<>(), gap, List.of());
        }
        ApiDescription before;
        try {
            before = ApiDescription.read(earlier.content());
        } catch (Unreadable fault) {
            String gap = "the contract of " + earlier.name() + " cannot be read: " + fault.getMessage();
            return reading(api, new LinkedHashMap<>(), new LinkedHashMap<>(), gap, List.of());
        }
        return compared(api, before, earlier);
    }

    private Reading compared(ApiDescription api, ApiDescription before, Earlier earlier) throws Unreadable {
        boolean newMajor =
                earlier.newMajor() != null ? earlier.newMajor() : major(api.version()) > major(before.version());
        ApiComparison changes =
                ApiComparison.of(before, api, !newMajor, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("breaking", changes.breaking());
        summary.put("nonBreaking", changes.nonBreaking());
        summary.put("newEndpoints", (long) changes.newEndpoints().size());
        summary.put("breakingWithinMajor", newMajor ? Long.valueOf(0) : Long.valueOf(changes.breaking()));
        Map<String, Object> details = new LinkedHashMap<>();
        earlier.describe(details);
        details.put("newMajor", newMajor);
        details.put(
                "newEndpoints",
                changes.newEndpoints().stream().limit(MOST_NAMED).toList());
        Set<String> elsewhere = new TreeSet<>(api.elsewhere());
        elsewhere.addAll(before.elsewhere());
        String gap = elsewhere.isEmpty()
                ? empty(api)
                : "it refers to other documents, which are not fetched, so what changed there is not known: send it with everything in one document ("
                        + String.join(", ", elsewhere.stream().limit(3).toList()) + ")";
        return reading(api, summary, details, gap, changes.findings());
    }

    private static Reading reading(
            ApiDescription api,
            Map<String, Object> summary,
            Map<String, Object> details,
            String gap,
            List<dev.countersign.evidence.Evidence.Finding> findings)
            throws Unreadable {
        summary.put("operations", (long) ApiOperations.of(api).size());
        details.put("apiVersion", api.version());
        return new Reading(producer(api), Stated.nothing(), summary, details, true, gap, findings);
    }

    private static String producer(ApiDescription api) {
        return api.title().isEmpty() ? "openapi" : "openapi " + api.title();
    }

    private static String empty(ApiDescription api) {
        return api.isEmpty() ? "it describes no path" : null;
    }

    private static int major(String version) {
        String number = version.replaceFirst("^v", "").replaceFirst("[^0-9].*$", "");
        return number.isEmpty() || number.length() > 9 ? -1 : Integer.parseInt(number);
    }
}
