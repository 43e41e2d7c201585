package dev.countersign.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.Catalog.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Business figures of a service from YAML, held to the published schema {@value #SCHEMA}. */
final class KpiReader {
    static final String SCHEMA = "/processes/kpis/kpis.schema.json";
    private static final PublishedSchema RULES =
            PublishedSchema.of(SCHEMA, "A file of business figures describes one service");
    private static final double TOLERATED = 0.1;

    private KpiReader() {}

    static Declaration.Read<KpiFile> read(SourceFile file) {
        List<Problem> problems = new ArrayList<>();
        KpiFile said = RULES.read(file, problems)
                .map(document -> file(document, file.digest(), problems))
                .orElse(null);
        return new Declaration.Read<>(
                problems.isEmpty() ? Optional.ofNullable(said) : Optional.empty(), List.copyOf(problems));
    }

    private static KpiFile file(YamlDocument document, String digest, List<Problem> problems) {
        List<Kpi> kpis = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        String service = document.text("/service");
        for (int i = 0; i < document.content().at("/measure").size(); i++) {
            String at = "/measure/" + i;
            String id = document.text(at + "/id");
            if (!ids.add(id)) {
                problems.add(document.problem(at + "/id", "Two figures have the id `%s`".formatted(id)));
            }
            JsonNode deviation = document.content().at(at + "/deviation");
            List<String> against =
                    document.has(at + "/against") ? document.texts(at + "/against") : List.of("concurrent", "seasonal");
            kpis.add(new Kpi(
                    id,
                    service,
                    digest,
                    document.text(at + "/events"),
                    document.text(at + "/per"),
                    document.text(at + "/worse"),
                    deviation.isNumber() ? deviation.asDouble() : TOLERATED,
                    document.content().at(at + "/critical").asBoolean(false),
                    against.contains("concurrent"),
                    against.contains("seasonal")));
        }
        return new KpiFile(document.text("/kpis"), service, List.copyOf(kpis));
    }
}
