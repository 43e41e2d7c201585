package dev.countersign.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.util.DigestUtils;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * Tasklist's own script with one mistake mended. The bundled form-js keeps an empty entry for every field of a dynamic list that has been looked at, and Tasklist takes each entry for
 * an error: its button "Complete" would stay grey for ever on a form with such a list.
 */
@Controller
final class TasklistScript {
    static final String WRONG = "!!Object.keys(e.errors).length";
    private static final String RIGHT =
            "Object.values(e.errors).some(function r(v){return Array.isArray(v)?v.some(r):!!v})";
    private static final String SCRIPT =
            "META-INF/resources/webjars/camunda/app/tasklist/camunda-tasklist-bootstrap.js";

    private final byte[] mended;
    private final String tag;

    TasklistScript() throws IOException {
        String script = new ClassPathResource(SCRIPT).getContentAsString(StandardCharsets.UTF_8);
        mended = script.replace(WRONG, RIGHT).getBytes(StandardCharsets.UTF_8);
        tag = "\"" + DigestUtils.md5DigestAsHex(mended) + "\"";
    }

    @GetMapping("/camunda/app/tasklist/camunda-tasklist-bootstrap.js")
    ResponseEntity<byte[]> script() {
        return ResponseEntity.ok()
                .eTag(tag)
                .cacheControl(CacheControl.maxAge(Duration.ofHours(1)).cachePrivate())
                .contentType(MediaType.valueOf("text/javascript;charset=UTF-8"))
                .body(mended);
    }
}
