package dev.countersign.evidence;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The exact bytes of a document for a person who came from a page: the API's paths know no login by cookie. */
@Controller
class EvidenceDownload {
    private final EvidenceController api;

    EvidenceDownload(EvidenceController api) {
        this.api = api;
    }

    @GetMapping("/releases/{key}/evidence/{sha256}")
    void bytes(@PathVariable String key, @PathVariable String sha256, HttpServletResponse response) throws IOException {
        api.bytes(key, sha256, response);
    }
}
