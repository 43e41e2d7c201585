package dev.countersign.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.Catalog.Problem;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * SLOs from OpenSLO v1 documents (github.com/OpenSLO/OpenSLO, specification v1), and from {@code v1alpha}, which Sloth still writes.
 * Documents of other kinds are accepted and say nothing here, but {@code SLI} and {@code DataSource}, which an SLO may refer to.
 */
final class OpenSlo {
    private static final Set<String> BUDGETINGS = Set.of("Occurrences", "Timeslices", "RatioTimeslices");

    /** Stands before the name of a data source among the indicators; no name has a space in it. */
    static final String DATA_SOURCE = "DataSource ";

    private final List<YamlDocument> documents;
    private final String digest;
    private final Map<String, YamlDocument> indicators;
    private final List<Slo> slos = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    /** @param indicators the documents of kind SLI by name, of all files, and those of kind DataSource */
    private OpenSlo(List<YamlDocument> documents, String digest, Map<String, YamlDocument> indicators) {
        this.documents = documents;
        this.digest = digest;
        this.indicators = new LinkedHashMap<>(indicators);
        this.indicators.putAll(indicatorsIn(documents));
    }

    static boolean isOne(YamlDocument document) {
        String apiVersion = document.text("/apiVersion");
        return apiVersion != null && (apiVersion.startsWith("openslo/") || apiVersion.startsWith("openslo.com/"));
    }

    /**
     * What a file says and what is wrong with it.
     *
     * @param usable false with a fault: then none of the file may take effect
     * @param refused where it is not usable, what stands for each of its objectives: something that nobody can measure
     */
    record Read(List<Slo> slos, List<Problem> problems, boolean usable, List<Slo> refused) {}

    static Read read(List<YamlDocument> documents, String digest, Map<String, YamlDocument> indicators) {
        OpenSlo reader = new OpenSlo(documents, digest, indicators);
        Problem fault = null;
        for (YamlDocument document : documents) {
            try {
                reader.read(document);
            } catch (BrokenFile e) {
                reader.problems.add(e.problem());
                fault = fault == null ? e.problem() : fault;
            }
        }
        return new Read(
                List.copyOf(reader.slos),
                List.copyOf(reader.problems),
                fault == null,
                fault == null ? List.of() : RefusedObjectives.of(documents, digest, fault));
    }

    /** What keeps files from taking effect, each read with the indicators of all. */
    static List<Problem> faults(List<SourceFile> files) {
        Map<SourceFile, List<YamlDocument>> read = new LinkedHashMap<>();
        Map<String, YamlDocument> indicators = new LinkedHashMap<>();
        List<Problem> faults = new ArrayList<>();
        for (SourceFile file : files) {
            try {
                List<YamlDocument> documents = YamlReader.read(file);
                read.put(file, documents);
                indicatorsIn(documents).forEach(indicators::putIfAbsent);
            } catch (BrokenFile e) {
                faults.add(e.problem());
            }
        }
        read.forEach((file, documents) -> {
            Read result = read(documents, file.digest(), indicators);
            if (!result.usable()) {
                faults.addAll(result.problems());
            }
        });
        return faults;
    }

    static Map<String, YamlDocument> indicatorsIn(List<YamlDocument> documents) {
        Map<String, YamlDocument> found = new LinkedHashMap<>();
        for (YamlDocument document : documents) {
            String name = isOne(document) ? document.text("/metadata/name") : null;
            if (name != null && "SLI".equals(document.text("/kind"))) {
                found.putIfAbsent(name, document);
            } else if (name != null && "DataSource".equals(document.text("/kind"))) {
                found.putIfAbsent(DATA_SOURCE + name, document);
            }
        }
        return found;
    }

    private void read(YamlDocument document) {
        String version = document.required("/apiVersion");
        if (!version.equals("openslo/v1") && !version.equals("openslo/v1alpha")) {
            throw document.broken(
                    "/apiVersion",
                    "OpenSLO of version `" + version + "` is not read; write its objectives as `openslo/v1`");
        }
        document.required("/metadata/name");
        if (document.required("/kind").equals("SLO")) {
            slos.addAll(objectives(document));
        }
    }

    private List<Slo> objectives(YamlDocument document) {
        String name = document.required("/metadata/name");
        String service = document.required("/spec/service");
        String budgeting = document.required("/spec/budgetingMethod");
        if (!BUDGETINGS.contains(budgeting)) {
            throw document.broken(
                    "/spec/budgetingMethod",
                    "`" + budgeting + "` is no budgeting method; write Occurrences, Timeslices or RatioTimeslices");
        }
        Duration window = window(document);
        CalendarWindow calendar = calendar(document);
        JsonNode objectives = document.content().at("/spec/objectives");
        if (!objectives.isArray() || objectives.isEmpty()) {
            throw document.broken("/spec/objectives", "`spec.objectives` must be a list with an objective");
        }
        List<Slo> read = new ArrayList<>();
        for (int i = 0; i < objectives.size(); i++) {
            String at = "/spec/objectives/" + i;
            Indicator indicator = Indicator.of(document, at, indicators, problems::add);
            boolean slices = !budgeting.equals("Occurrences");
            boolean sliceTarget = budgeting.equals("Timeslices");
            read.add(new Slo(
                    objectives.size() == 1 ? name : name + "/" + (i + 1),
                    service,
                    indicator.kind(),
                    target(document, at),
                    indicator.thresholdMs(),
                    window,
                    digest,
                    document.text(at + "/displayName"),
                    budgeting,
                    sliceTarget ? sliceTarget(document, at + "/timeSliceTarget") : null,
                    slices ? OpenSloDuration.parseSlice(document, at + "/timeSliceWindow") : null,
                    indicator.queries(),
                    document.file(),
                    indicator.source(),
                    calendar));
        }
        return read;
    }

    private static Duration window(YamlDocument document) {
        // v1alpha says timeWindows with count and unit.
        if (document.has("/spec/timeWindows")) {
            return OpenSloDuration.parseCount(document, "/spec/timeWindows/0");
        }
        JsonNode windows = document.content().at("/spec/timeWindow");
        if (!windows.isArray() || windows.size() != 1) {
            throw document.broken("/spec/timeWindow", "`spec.timeWindow` must be a list with exactly one window");
        }
        return OpenSloDuration.parse(document, "/spec/timeWindow/0/duration");
    }

    /** Null where the window rolls. One without a calendar rolls, whatever {@code isRolling} leaves out. */
    private static CalendarWindow calendar(YamlDocument document) {
        String window = "/spec/timeWindow/0";
        String start = window + "/calendar/startTime";
        if (!document.has(window + "/calendar")) {
            if ("false".equals(document.text(window + "/isRolling"))) {
                throw document.broken(window, "A window that does not roll has a `calendar`");
            }
            return null;
        }
        if ("true".equals(document.text(window + "/isRolling"))) {
            throw document.broken(window, "A window either rolls or has a `calendar`");
        }
        String zone = document.required(window + "/calendar/timeZone");
        try {
            return OpenSloDuration.calendar(
                    document,
                    window + "/duration",
                    LocalDateTime.parse(document.required(start).replace(' ', 'T')),
                    ZoneId.of(zone));
        } catch (DateTimeParseException broken) {
            throw document.broken(
                    start, "`" + document.text(start) + "` is no start time; write it as 2026-01-31 12:30:00");
        } catch (DateTimeException unknown) {
            throw document.broken(
                    window + "/calendar/timeZone",
                    "`" + zone + "` is no time zone of the IANA database, for example Europe/Berlin");
        }
    }

    private static double target(YamlDocument document, String objective) {
        boolean ratio = document.has(objective + "/target");
        boolean percent = document.has(objective + "/targetPercent");
        if (ratio == percent) {
            throw document.broken(objective, "An objective has either `target` or `targetPercent`");
        }
        return ratio
                ? ratio(document, objective + "/target")
                : number(document, objective + "/targetPercent", BigDecimal.valueOf(100))
                        .movePointLeft(2)
                        .doubleValue();
    }

    static double ratio(YamlDocument document, String pointer) {
        return number(document, pointer, BigDecimal.ONE).doubleValue();
    }

    /** A slice may have to be all good: it has no budget of its own. */
    private static double sliceTarget(YamlDocument document, String pointer) {
        JsonNode node = document.content().at(pointer);
        return node.isNumber() && node.decimalValue().compareTo(BigDecimal.ONE) == 0 ? 1 : ratio(document, pointer);
    }

    /** At least zero, below the bound: with a target of one there is no budget to burn. */
    private static BigDecimal number(YamlDocument document, String pointer, BigDecimal bound) {
        JsonNode node = document.content().at(pointer);
        if (!node.isNumber()
                || node.decimalValue().signum() < 0
                || node.decimalValue().compareTo(bound) >= 0) {
            String name = pointer.substring(pointer.lastIndexOf('/') + 1);
            throw document.broken(pointer, "`" + name + "` must be a number from 0 to below " + bound);
        }
        return node.decimalValue();
    }
}
