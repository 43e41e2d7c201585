package dev.countersign.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.catalog.Declaration.Read;
import dev.countersign.catalog.IntegrityChecks.Check;
import dev.countersign.catalog.IntegrityChecks.Deviation;
import dev.countersign.catalog.IntegrityChecks.Kind;
import dev.countersign.catalog.IntegrityChecks.Orphans;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Integrity checks from YAML, held to the published schema {@value #SCHEMA}. */
final class IntegrityCheckReader {
    static final String SCHEMA = "/processes/integrity-checks/integrity-checks.schema.json";
    private static final PublishedSchema RULES =
            PublishedSchema.of(SCHEMA, "A file of integrity checks describes one database");

    private IntegrityCheckReader() {}

    static Read<IntegrityChecks> read(SourceFile file) {
        return RULES.read(file, IntegrityCheckReader::problems, document -> checks(document, file.digest()));
    }

    private static List<Problem> problems(YamlDocument document) {
        List<Problem> problems = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        int count = document.content().path("checks").size();
        for (int i = 0; i < count; i++) {
            String at = "/checks/" + i;
            if (!ids.add(document.text(at + "/id"))) {
                problems.add(
                        document.problem(at + "/id", "Two checks have the id `" + document.text(at + "/id") + "`"));
            }
            problem(document, at).ifPresent(problems::add);
        }
        return problems;
    }

    /** What the schema cannot say. */
    private static Optional<Problem> problem(YamlDocument document, String at) {
        String kind = document.text(at + "/kind");
        boolean expected = document.has(at + "/expected");
        if (document.has(at + "/tolerance") && !expected) {
            return Optional.of(document.problem(
                    at + "/tolerance",
                    "A tolerance belongs to an expected value; against the value before it is a `difference`"));
        }
        if (document.has(at + "/difference") && expected) {
            return Optional.of(document.problem(
                    at + "/difference",
                    "With an expected value nothing is held against the value before; it takes a `tolerance`"));
        }
        boolean compared = !kind.equals(Kind.CONSTRAINT.id()) && !expected;
        String run = document.text(at + "/run");
        if (compared && run != null && !run.equals("both")) {
            return Optional.of(document.problem(
                    at + "/run",
                    "Without an expected value it compares before with after: it runs both times, not only " + run));
        }
        JsonNode value = document.content().at(at + "/expected");
        if (document.has(at + "/tolerance") && !value.isNumber()) {
            return Optional.of(document.problem(at + "/tolerance", "Only a number has a tolerance"));
        }
        return Optional.empty();
    }

    private static IntegrityChecks checks(YamlDocument document, String digest) {
        List<Check> checks = new ArrayList<>();
        for (int i = 0; i < document.content().at("/checks").size(); i++) {
            checks.add(check(document, "/checks/" + i));
        }
        return new IntegrityChecks(
                document.text("/integrityChecks"),
                document.text("/service"),
                document.text("/database"),
                digest,
                List.copyOf(checks));
    }

    private static Check check(YamlDocument document, String at) {
        String run = document.has(at + "/run") ? document.text(at + "/run") : "both";
        Orphans orphans = document.has(at + "/orphans")
                ? new Orphans(
                        document.text(at + "/orphans/table"),
                        document.text(at + "/orphans/column"),
                        document.text(at + "/orphans/references"),
                        document.text(at + "/orphans/key"))
                : null;
        boolean expected = document.has(at + "/expected");
        return new Check(
                document.text(at + "/id"),
                Kind.valueOf(
                        document.text(at + "/kind").toUpperCase(Locale.ROOT).replace('-', '_')),
                !run.equals("after"),
                !run.equals("before"),
                document.text(at + "/table"),
                document.texts(at + "/columns"),
                document.texts(at + "/key"),
                document.text(at + "/sql"),
                orphans,
                expected ? document.text(at + "/expected") : null,
                deviation(document, at + (expected ? "/tolerance" : "/difference")));
    }

    private static Deviation deviation(YamlDocument document, String at) {
        return document.has(at)
                ? new Deviation(number(document, at + "/absolute"), number(document, at + "/relative"))
                : Deviation.NONE;
    }

    private static BigDecimal number(YamlDocument document, String at) {
        return document.has(at) ? document.content().at(at).decimalValue() : BigDecimal.ZERO;
    }
}
