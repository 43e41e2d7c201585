package dev.countersign.evidence;

import dev.countersign.api.Problem;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.EvidenceJudge.InTheWay;
import dev.countersign.evidence.reader.Base;
import dev.countersign.release.Releases;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
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
    /** Of those of a line, and of those of a whole document. */
    private static final int NAMED = 20;

    private static final int LISTED = 50;
    private final Evidence evidence;
    private final StoredDocuments documents;
    private final Releases releases;
    private final EvidenceController api;
    private final ObjectProvider<EvidenceJudge> judges;

    EvidencePage(
            Evidence evidence,
            StoredDocuments documents,
            Releases releases,
            EvidenceController api,
            ObjectProvider<EvidenceJudge> judges) {
        this.evidence = evidence;
        this.documents = documents;
        this.releases = releases;
        this.api = api;
        this.judges = judges;
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
        List<InTheWay> found = in(sha256, all, key);
        model.addAttribute("found", found.size());
        model.addAttribute(
                "findings",
                line > 0
                        ? here(found, line, column)
                        : found.stream().limit(LISTED).toList());
        return "evidence/document";
    }

    /** The document of this release that was compared with an earlier one, which is asked for. */
    private static Document withBase(List<Document> all, String key, String sha256) {
        return all.stream()
                .filter(document -> sha256.equals(document.details().get(Base.DOCUMENT)))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> Problem.notFound("%s has no document %s".formatted(key, sha256)));
    }

    /**
     * What stands in this document, by whichever document it was found: what a contract lacks stands in the one before it. Gates find more than a reader does, what a table denies or what has
     * expired meanwhile; theirs come first.
     */
    private List<InTheWay> in(String sha256, List<Document> all, String key) {
        List<InTheWay> judged = judges.orderedStream()
                .flatMap(judge -> judge.inTheWay(key).stream())
                .filter(one -> one.finding().position() != null)
                .toList();
        Stream<InTheWay> read = all.stream()
                .flatMap(document -> document.findings().stream()
                        .filter(finding -> finding.position() != null)
                        .map(finding -> new InTheWay(null, finding.in(standsIn(finding, document)))))
                .filter(one -> judged.stream().noneMatch(said -> isSame(said.finding(), one.finding())));
        Map<List<Object>, InTheWay> distinct = new LinkedHashMap<>();
        Stream.concat(judged.stream(), read)
                .filter(one -> one.finding().position() != null)
                .filter(one -> sha256.equals(one.finding().position().document()))
                .forEach(one -> distinct.putIfAbsent(
                        List.of(one.finding().id(), one.finding().position().line()), one));
        return List.copyOf(distinct.values());
    }

    /** What a gate lists of a finding that was read may have another name there, and no other place or rule. */
    private static boolean isSame(Finding judged, Finding read) {
        return judged.position().equals(read.position())
                && (read.rule() == null
                        ? judged.id().equals(read.id()) || judged.id().startsWith(read.id() + "~")
                        : read.rule().equals(judged.rule()));
    }

    private static String standsIn(Finding finding, Document document) {
        String named = finding.position().document();
        return named == null ? document.sha256() : named;
    }

    private static List<InTheWay> here(List<InTheWay> found, long line, Integer column) {
        return found.stream()
                .filter(one -> one.finding().position().line() == line
                        && (column == null
                                || column.equals(one.finding().position().column())))
                .limit(NAMED)
                .toList();
    }

    /** The exact bytes: the API's paths know no login by cookie. */
    @GetMapping("/download")
    void bytes(@PathVariable String key, @PathVariable String sha256, HttpServletResponse response) throws IOException {
        api.bytes(key, sha256, response);
    }
}
