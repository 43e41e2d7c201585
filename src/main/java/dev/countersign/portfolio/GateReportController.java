package dev.countersign.portfolio;

import dev.countersign.api.Problem;
import dev.countersign.portfolio.GateReport.Asked;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The report for machines: JSON a page at a time, CSV as a whole; by extension, or by what the caller accepts. */
@RestController
@RequestMapping("/api/reports")
class GateReportController {
    private static final String PATH = "/api/reports/security-gates";
    private static final MediaType CSV = MediaType.valueOf("text/csv");
    private final GateReportFiles files;

    GateReportController(GateReportFiles files) {
        this.files = files;
    }

    @Operation(
            summary =
                    "Every evaluation of a security gate in a period, newest first: JSON, or CSV where text/csv is accepted",
            description =
                    "For the roles auditor, compliance, security and head-of-security. `next` is the address of the page that follows.")
    @GetMapping("/security-gates")
    void byAccept(
            @ParameterObject @ModelAttribute Asked asked,
            @Parameter(hidden = true) @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = "*/*") String accept,
            HttpServletResponse response)
            throws IOException {
        if (isCsv(accept)) {
            files.csv(asked, response);
        } else {
            files.json(asked, PATH, response);
        }
    }

    @Operation(summary = "The same as JSON, a page at a time")
    @GetMapping("/security-gates.json")
    void json(@ParameterObject @ModelAttribute Asked asked, HttpServletResponse response) throws IOException {
        files.json(asked, PATH + ".json", response);
    }

    @Operation(summary = "The same as CSV, the whole period; cells are no formulas")
    @GetMapping("/security-gates.csv")
    void csv(@ParameterObject @ModelAttribute Asked asked, HttpServletResponse response) throws IOException {
        files.csv(asked, response);
    }

    private static boolean isCsv(String accept) {
        try {
            List<MediaType> wanted = new java.util.ArrayList<>(MediaType.parseMediaTypes(accept));
            MimeTypeUtils.sortBySpecificity(wanted);
            wanted.sort(
                    java.util.Comparator.comparing(MediaType::getQualityValue).reversed());
            for (MediaType one : wanted) {
                if (one.isCompatibleWith(MediaType.APPLICATION_JSON)) {
                    return false;
                }
                if (one.isCompatibleWith(CSV)) {
                    return true;
                }
            }
        } catch (InvalidMediaTypeException unknown) {
            // Answered as what nobody can write.
        }
        throw Problem.of(
                HttpStatus.NOT_ACCEPTABLE,
                "The report is written as application/json and text/csv",
                Map.of("accept", accept.substring(0, Math.min(200, accept.length()))));
    }
}
