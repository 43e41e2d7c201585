package dev.countersign.portfolio;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.gate.GateOutcomes.Cover;
import dev.countersign.gate.GateOutcomes.Outcome;
import dev.countersign.gate.Gates.Control;
import dev.countersign.identity.Actors;
import dev.countersign.portfolio.GateReport.Asked;
import dev.countersign.portfolio.GateReport.Page;
import dev.countersign.portfolio.GateReport.Row;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriComponentsBuilder;

/** The report as JSON, a page at a time, and as CSV, the whole period as a stream. */
@Component
class GateReportFiles {
    private static final List<String> COLUMNS = List.of(
            "evaluated_at",
            "business_unit",
            "service",
            "release",
            "gate",
            "control",
            "required",
            "verdict",
            "value",
            "limit",
            "sample",
            "rule_version",
            "sentence",
            "document_sha256",
            "all_documents_sha256",
            "decided_by",
            "waiver",
            "waiver_reason",
            "waiver_requested_by",
            "waiver_decided_at",
            "waiver_expires");

    private final GateReport report;
    private final ObjectMapper json;

    GateReportFiles(GateReport report, ObjectMapper json) {
        this.report = report;
        this.json = json;
    }

    /** @param path of this report, for the link to the next page */
    void json(Asked asked, String path, HttpServletResponse response) throws IOException {
        Page page = report.page(asked);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("from", page.from());
        document.put("to", page.to());
        if (asked.after() == null || asked.after().isBlank()) {
            document.put(
                    "totals",
                    report.totals(asked).stream().map(GateReportFiles::total).toList());
        }
        document.put("items", page.rows().stream().map(GateReportFiles::item).toList());
        document.put("next", page.next() == null ? null : address(path, asked, page));
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        json.writeValue(response.getOutputStream(), document);
    }

    private static Map<String, Object> total(GateReport.Total total) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("unit", total.unit());
        shown.put("service", total.count().service());
        shown.put("gate", total.count().gate());
        shown.put("verdict", total.count().verdict());
        shown.put("count", total.count().count());
        shown.put("waived", total.count().waived());
        return shown;
    }

    private static Map<String, Object> item(Row row) {
        Outcome outcome = row.outcome();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("evaluatedAt", outcome.evaluatedAt());
        shown.put("unit", row.unit());
        shown.put("service", outcome.service());
        shown.put("release", outcome.release());
        shown.put("gate", outcome.gate());
        shown.put("required", outcome.required());
        shown.put("verdict", outcome.verdict());
        shown.put("value", outcome.value());
        shown.put("limit", outcome.limit());
        shown.put("sample", outcome.sample());
        shown.put("ruleVersion", outcome.ruleVersion());
        shown.put("sentence", outcome.sentence());
        shown.put("evidence", outcome.evidence());
        shown.put("documents", outcome.documents());
        shown.put("controls", outcome.controls());
        shown.put("decidedBy", decidedBy(outcome));
        shown.put("waiver", outcome.waiver());
        return shown;
    }

    /** A person where a waiver decided, else the platform by its tables. */
    static String decidedBy(Outcome outcome) {
        return outcome.waiver() == null ? Actors.PLATFORM : outcome.waiver().decidedBy();
    }

    static String address(String path, Asked asked, Page page) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("from", page.from());
        values.put("to", page.to());
        values.put("unit", asked.unit());
        values.put("service", asked.service());
        values.put("release", asked.release());
        values.put("control", asked.control());
        values.put("size", asked.size());
        values.put("after", page.next());
        values.values().removeIf(value -> value == null || value.toString().isBlank());
        UriComponentsBuilder address = UriComponentsBuilder.fromPath(path);
        values.keySet().forEach(name -> address.queryParam(name, "{" + name + "}"));
        return address.encode().buildAndExpand(values).toUriString();
    }

    void csv(Asked asked, HttpServletResponse response) throws IOException {
        // Refused before anything is written.
        report.mayRead();
        report.wanted(asked);
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"security-gates.csv\"");
        Writer out = new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8);
        out.write(String.join(",", COLUMNS) + "\r\n");
        try {
            report.all(asked).flatMap(page -> page.rows().stream()).forEach(row -> write(row, out));
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        }
        out.flush();
    }

    /** A line for the gate, and one for each control that it shows. */
    private static void write(Row row, Writer out) {
        Outcome outcome = row.outcome();
        try {
            line(row, "", outcome.verdict(), outcome.value(), outcome.sentence(), out);
            for (Control control : outcome.controls()) {
                line(row, control.id(), control.verdict(), null, control.sentence(), out);
            }
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static void line(Row row, String control, Object verdict, String value, String sentence, Writer out)
            throws IOException {
        Outcome outcome = row.outcome();
        Cover waiver = outcome.waiver();
        boolean isGate = control.isEmpty();
        Object[] cells = {
            outcome.evaluatedAt(),
            row.unit(),
            outcome.service(),
            outcome.release(),
            outcome.gate(),
            control,
            outcome.required(),
            verdict,
            value,
            isGate ? outcome.limit() : null,
            isGate ? outcome.sample() : null,
            outcome.ruleVersion(),
            sentence,
            outcome.evidence(),
            String.join(" ", outcome.documents()),
            decidedBy(outcome),
            waiver == null ? null : waiver.id(),
            waiver == null ? null : waiver.reason(),
            waiver == null ? null : waiver.requestedBy(),
            waiver == null ? null : waiver.decidedAt(),
            waiver == null ? null : waiver.expires()
        };
        out.write(java.util.Arrays.stream(cells).map(GateReportFiles::cell).collect(Collectors.joining(",")));
        out.write("\r\n");
    }

    /** RFC 4180; and what a spreadsheet would take for a formula becomes text (OWASP, CSV Injection). */
    static String cell(Object value) {
        String text = Objects.toString(value, "");
        String first = text.stripLeading();
        if (!first.isEmpty() && "=+-@".indexOf(first.charAt(0)) >= 0
                || !text.isEmpty() && "\t\r\n".indexOf(text.charAt(0)) >= 0) {
            text = "'" + text;
        }
        return text.matches("(?s).*[\",\r\n'\t;].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
