package dev.countersign.evidence;

import static dev.countersign.evidence.AskedReleases.asked;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Whatever is no good answer is said, and never taken for an empty one. */
public final class BadAnswers {
    private BadAnswers() {}

    /** @param path where the server answers badly from now on; @param good what it should have answered */
    public static void areSaid(VendorServer server, EvidenceSource source, String path, String good) {
        answers(server, path, 401, Map.of(), "{}");
        refused(source, "it refuses our credentials (401)");
        answers(server, path, 403, Map.of(), "{}");
        refused(source, "it refuses our credentials (403)");
        answers(server, path, 429, Map.of("Retry-After", "7"), "{}");
        refused(source, "asked too often (429) and wants 7 s of rest");
        answers(server, path, 500, Map.of(), good);
        refused(source, "it answered 500 to " + path);
        answers(server, path, 503, Map.of("Retry-After", "7"), "");
        refused(source, "it answered 503 to " + path);
        answers(server, path, 302, Map.of("Location", server.url() + "/elsewhere"), good);
        refused(source, "redirect (302), which is not followed");
        answers(server, path, 200, Map.of(), good.substring(0, good.length() / 2));
        refused(source, "is not JSON");
        answers(server, path, 200, Map.of(), "<html>Sign in</html>");
        refused(source, "is not JSON");
        answers(server, path, 200, Map.of(), "[]");
        refused(source, "");
        answers(server, path, 200, Map.of(), "{\"a\":\"" + "x".repeat(200_000) + "\"}");
        refused(source, "The answer is larger than");
        answers(server, path, 200, Map.of(), good);
        server.cutOff = true;
        refused(source, "it cannot be reached");
        server.cutOff = false;
    }

    private static void answers(
            VendorServer server, String path, int status, Map<String, String> headers, String body) {
        server.reply(path, status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(EvidenceSource source, String why) {
        assertThatThrownBy(() -> source.fetch(asked(null), Duration.ofSeconds(5)))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessageContaining(why);
    }
}
