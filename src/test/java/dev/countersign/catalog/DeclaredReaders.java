package dev.countersign.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What reads each kind of file that people declare things in, for measurements. */
public final class DeclaredReaders {
    /** By the name of the kind; whether the file was one, and without a fault. */
    private static final Map<String, Predicate<SourceFile>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("openslo", file -> OpenSlo.read(YamlReader.read(file), file.digest(), Map.of())
                .usable());
        ALL.put("catalog", DeclaredReaders::isCatalog);
        ALL.put("journeys", file -> JourneyReader.read(file).problems().isEmpty());
        ALL.put(
                "integrity-checks",
                file -> IntegrityCheckReader.read(file).problems().isEmpty());
        ALL.put("checklist", file -> ChecklistReader.read(file).problems().isEmpty());
        ALL.put("kpis", file -> KpiReader.read(file).problems().isEmpty());
    }

    private DeclaredReaders() {}

    private static boolean isCatalog(SourceFile file) {
        Facts facts = Facts.read(List.of(file), Facts.NONE, List.of());
        return facts.broken().isEmpty() && !facts.organisation().services().isEmpty();
    }

    public static List<String> kinds() {
        return List.copyOf(ALL.keySet());
    }

    public static boolean read(String kind, Path file) throws IOException {
        return ALL.get(kind).test(new SourceFile(file.getFileName().toString(), Files.readAllBytes(file)));
    }
}
