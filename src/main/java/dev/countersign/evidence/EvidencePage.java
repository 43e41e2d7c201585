package dev.countersign.evidence;

import dev.countersign.api.Problem;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.reader.Base;
import dev.countersign.release.Releases;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** A stored document for a person who follows a finding to its line. A stranger wrote it: it is shown as text, never as a page of its own. */
@Controller
@RequestMapping("/releases/{key}/evidence/{sha256}")
class EvidencePage {
    private static final int NAMED = 20;
    private final Evidence evidence;
    private final StoredDocuments documents;
    private final Releases releases;
    private final EvidenceController api;

    EvidencePage(Evidence evidence, StoredDocuments documents, Releases releases, EvidenceController api) {
        this.evidence = evidence;
        this.documents = documents;
        this.releases = releases;
        this.api = api;
    }

    @GetMapping
    String page(
            @PathVariable String key,
            @PathVariable String sha256,
            @RequestParam(defaultValue = "0") long line,
            @RequestParam(required = false) Integer column,
            @RequestParam(required = false) Long from,
            Model model)
            throws IOException {
        releases.get(key);
        List<Document> all = evidence.of(key);
        Document own = all.stream()
                .filter(document -> document.sha256().equals(sha256))
                .reduce((earlier, later) -> later)
                .orElse(null);
        Document compared = own != null ? null : withBase(all, key, sha256);
        try (InputStream document = documents.open(sha256)) {
            model.addAttribute("excerpt", Excerpt.of(document, line, column, from));
        }
        model.addAttribute("key", key);
        model.addAttribute("sha256", sha256);
        model.addAttribute("document", own);
        model.addAttribute("compared", compared);
        model.addAttribute("line", line);
        model.addAttribute("column", column);
        model.addAttribute("findings", here(all, sha256, line, column));
        return "evidence/document";
    }

    /** The document of this release that was compared with an earlier one, which is asked for. */
    private static Document withBase(List<Document> all, String key, String sha256) {
        return all.stream()
                .filter(document -> sha256.equals(document.details().get(Base.DOCUMENT)))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> Problem.notFound("%s has no document %s".formatted(key, sha256)));
    }

    /** What stands there, by whichever document it was found: what a contract lacks stands in the one before it. */
    private static List<Finding> here(List<Document> all, String sha256, long line, Integer column) {
        return all.stream()
                .flatMap(document -> document.findings().stream()
                        .filter(finding -> finding.position() != null)
                        .filter(finding -> sha256.equals(
                                finding.position().document() == null
                                        ? document.sha256()
                                        : finding.position().document())))
                .filter(finding -> finding.position().line() == line
                        && (column == null || column.equals(finding.position().column())))
                .distinct()
                .limit(NAMED)
                .toList();
    }

    /** The exact bytes: the API's paths know no login by cookie. */
    @GetMapping("/download")
    void bytes(@PathVariable String key, @PathVariable String sha256, HttpServletResponse response) throws IOException {
        api.bytes(key, sha256, response);
    }
}
