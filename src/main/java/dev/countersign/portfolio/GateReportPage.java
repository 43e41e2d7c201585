package dev.countersign.portfolio;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.portfolio.GateReport.Asked;
import dev.countersign.portfolio.GateReport.Page;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestMapping;

/** The security gates of a period, for people; the files are here too, since the API's paths know no login by cookie. */
@Controller
@RequestMapping("/reports")
class GateReportPage {
    private static final String PATH = "/reports/security-gates";
    private final GateReport report;
    private final GateReportFiles files;
    private final Catalog catalog;

    GateReportPage(GateReport report, GateReportFiles files, Catalog catalog) {
        this.report = report;
        this.files = files;
        this.catalog = catalog;
    }

    @GetMapping("/security-gates")
    String page(@ModelAttribute("asked") Asked asked, Model model) {
        Page page = report.page(asked);
        model.addAttribute("page", page);
        boolean isFirst = asked.after() == null || asked.after().isBlank();
        model.addAttribute("totals", isFirst ? report.totals(asked) : java.util.List.of());
        model.addAttribute("from", page.from().atOffset(ZoneOffset.UTC).toLocalDate());
        // The end is exclusive: the day before its first moment is the last one shown.
        model.addAttribute(
                "to", page.to().minusNanos(1).atOffset(ZoneOffset.UTC).toLocalDate());
        model.addAttribute("units", names(Service::unit));
        model.addAttribute("services", names(Service::name));
        model.addAttribute("older", page.next() == null ? null : GateReportFiles.address(PATH, asked, page));
        Page whole = new Page(page.from(), page.to(), page.rows(), null);
        model.addAttribute("csv", GateReportFiles.address(PATH + ".csv", asked, whole));
        model.addAttribute("json", GateReportFiles.address(PATH + ".json", asked, whole));
        return "portfolio/security-gates";
    }

    @GetMapping("/security-gates.csv")
    void csv(@ModelAttribute Asked asked, HttpServletResponse response) throws IOException {
        files.csv(asked, response);
    }

    @GetMapping("/security-gates.json")
    void json(@ModelAttribute Asked asked, HttpServletResponse response) throws IOException {
        files.json(asked, PATH + ".json", response);
    }

    private TreeSet<String> names(Function<Service, String> name) {
        return catalog.services().stream()
                .map(name)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
