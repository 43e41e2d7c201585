package dev.countersign.evidence;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.countersign.api.Problem;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.EvidenceJudge.Judged;
import dev.countersign.release.Releases;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

@RestController
@RequestMapping("/api/releases/{key}/evidence")
class EvidenceController {
    private final EvidenceIntake intake;
    private final Evidence evidence;
    private final StoredDocuments documents;
    private final Releases releases;

    EvidenceController(EvidenceIntake intake, Evidence evidence, StoredDocuments documents, Releases releases) {
        this.intake = intake;
        this.evidence = evidence;
        this.documents = documents;
        this.releases = releases;
    }

    /** @param gates the gates that this document decides on, and how they stand now */
    record Received(@JsonUnwrapped Document document, List<Judged> gates) {}

    /** @param counts false where a later document of the same source has replaced it */
    record Listed(@JsonUnwrapped Document document, boolean counts, String href) {}

    @Operation(
            summary = "Send a document as raw body; gzip is recognised",
            parameters = {
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "type",
                        description = "left out, it is told from the content"),
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "source",
                        description = "a later document of a source replaces its earlier one"),
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "commit",
                        description = "asserted by the service account ci only"),
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "environment",
                        description =
                                "of the catalog, where it was tested, scanned or rehearsed; becomes a part of the source")
            })
    @PostMapping
    ResponseEntity<Received> receive(@PathVariable String key, @Parameter(hidden = true) HttpServletRequest request)
            throws IOException {
        // Not @RequestParam: with curl's default content type the container would read the body as a form to find
        // parameters.
        MultiValueMap<String, String> query = UriComponentsBuilder.newInstance()
                .query(request.getQueryString())
                .build()
                .getQueryParams();
        var claim = new EvidenceIntake.Claim(
                value(query, "type"),
                value(query, "source"),
                value(query, "commit"),
                value(query, "environment"),
                encoding(request.getHeader(HttpHeaders.CONTENT_ENCODING)));
        var receipt = intake.receive(key, claim, request.getContentLengthLong(), request.getInputStream());
        // A document that is here already is stored and counted once, and answered as the first time.
        return ResponseEntity.status(HttpStatus.CREATED)
                .header(HttpHeaders.LOCATION, href(key, receipt.document()))
                .body(new Received(receipt.document(), receipt.gates()));
    }

    @GetMapping
    List<Listed> list(@PathVariable String key) {
        releases.get(key);
        List<Document> all = evidence.of(key);
        return all.stream()
                .map(document -> new Listed(
                        document,
                        all.stream()
                                .filter(other -> other.type().equals(document.type())
                                        && other.source().equals(document.source()))
                                .reduce((earlier, later) -> later)
                                .filter(newest -> newest == document)
                                .isPresent(),
                        href(key, document)))
                .toList();
    }

    /** The exact bytes. A stranger wrote them: they are never shown as a page of ours. */
    @GetMapping("/{sha256}")
    void bytes(@PathVariable String key, @PathVariable String sha256, HttpServletResponse response) throws IOException {
        releases.get(key);
        Document document = evidence.of(key).stream()
                .filter(one -> one.sha256().equals(sha256))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("%s has no document %s".formatted(key, sha256)));
        response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
        response.setContentLengthLong(document.bytes());
        response.setHeader(HttpHeaders.ETAG, "\"" + sha256 + "\"");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + sha256 + "\"");
        documents.writeTo(sha256, response.getOutputStream());
    }

    private static String href(String key, Document document) {
        return "/api/releases/" + UriUtils.encodePathSegment(key, StandardCharsets.UTF_8) + "/evidence/"
                + document.sha256();
    }

    private static String encoding(String header) {
        return header == null ? null : dev.countersign.evidence.reader.Words.of(header);
    }

    private static String value(MultiValueMap<String, String> query, String name) {
        String value = query.getFirst(name);
        if (value == null || value.isBlank()) {
            return null;
        }
        String decoded = UriUtils.decode(value.replace('+', ' '), StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}", " ")
                .strip();
        return decoded.substring(0, Math.min(decoded.length(), 200));
    }
}
