package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands for the objectives of an OpenSLO file that was refused: each with its service, and with the fault. Nobody can measure them, so that the service does not pass
 * by its other objectives alone, as if this file had promised nothing.
 */
final class RefusedObjectives {
    /** Of a file that is no YAML: whom it speaks of can still be seen. */
    private static final Pattern SERVICE = Pattern.compile(
            "(?m)(?:^[\\s{,]*|[{,]\\s*(?=[\"']))[\"']?service[\"']?\\s*:\\s*[\"']?([A-Za-z0-9][A-Za-z0-9._-]*)");

    private static final Pattern OPENSLO = Pattern.compile(
            "(?m)(?:^[\\s{,]*|[{,]\\s*(?=[\"']))[\"']?apiVersion[\"']?\\s*:\\s*[\"']?openslo(\\.com)?/");
    static final String SHAPE = "refused";

    private RefusedObjectives() {}

    static List<Slo> of(List<YamlDocument> documents, String digest, Problem fault) {
        Map<String, Slo> refused = new LinkedHashMap<>();
        for (YamlDocument document : documents) {
            String service = document.text("/spec/service");
            if (service != null) {
                String name = document.text("/metadata/name");
                Slo slo = slo(name == null ? fault.file() : name, service, digest, fault);
                refused.putIfAbsent(service + " " + slo.name(), slo);
            }
        }
        return List.copyOf(refused.values());
    }

    /** Of a file that cannot be read at all. */
    static List<Slo> of(SourceFile file, Problem fault) {
        Map<String, Slo> refused = new LinkedHashMap<>();
        if (OPENSLO.matcher(file.text()).find()) {
            Matcher services = SERVICE.matcher(file.text());
            while (services.find()) {
                String service = services.group(1);
                refused.putIfAbsent(service, slo(file.name(), service, file.digest(), fault));
            }
        }
        return List.copyOf(refused.values());
    }

    private static Slo slo(String name, String service, String digest, Problem fault) {
        String place = fault.line() == null
                ? fault.file()
                : "%s, line %d, column %d".formatted(fault.file(), fault.line(), fault.column());
        return new Slo(
                name + " (refused)",
                service,
                Indicator.UNSPECIFIED,
                0,
                null,
                Duration.ofDays(28),
                digest,
                null,
                "Occurrences",
                null,
                null,
                Map.of(),
                fault.file(),
                new Slo.Source(
                        SHAPE,
                        null,
                        null,
                        null,
                        null,
                        Map.of(),
                        "Its file is refused: " + place + ": " + fault.message()),
                null);
    }
}
