package dev.countersign.observe;

import dev.countersign.api.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Where pages of real users send what the library web-vitals measures: {@code navigator.sendBeacon(url, JSON.stringify(metric))}, or what Boomerang does. Nobody logs in, so anybody can send
 * anything: it is bounded, and never rolls back by itself.
 */
@RestController
class RumController {
    private static final Pattern VERSION =
            Pattern.compile("sha256:[0-9a-f]{64}|[A-Za-z0-9._-]{1,80}@[A-Za-z0-9.+~_-]{1,80}");
    private static final Set<String> VARIANTS = Set.of("canary", "stable");

    private final RumOrigins origins;
    private final RumProperties properties;
    private final RumThrottle throttle;
    private final RumCollector collector;

    RumController(RumOrigins origins, RumProperties properties, RumThrottle throttle, RumCollector collector) {
        this.origins = origins;
        this.properties = properties;
        this.throttle = throttle;
        this.collector = collector;
    }

    /**
     * @param service left out, the one whose pages are at the origin
     * @param version digest of the artifact that serves the page, or key of its release
     * @param variant {@code canary} or {@code stable}, where the page does not know its version; with neither the beacons are of no version, and count for nothing
     */
    @PostMapping(RumPreflight.PATH)
    ResponseEntity<Void> take(
            HttpServletRequest request,
            @RequestParam(name = "service", required = false) String service,
            @RequestParam(name = "version", required = false) String version,
            @RequestParam(name = "variant", required = false) String variant)
            throws IOException {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (!throttle.admits(request.getRemoteAddr(), service == null ? "" : service)) {
            Problem many = Problem.of(HttpStatus.TOO_MANY_REQUESTS, "Too many beacons from here", Map.of());
            many.getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
            throw many;
        }
        int limit = (int) properties.maxBody().toBytes();
        // The fields of a form were read for the parameters above, and the body is at its end.
        byte[] body = request.getInputStream().readNBytes(limit + 1);
        if (body.length > limit || request.getContentLengthLong() > limit) {
            throw Problem.of(HttpStatus.PAYLOAD_TOO_LARGE, "A body is at most %d bytes".formatted(limit), Map.of());
        }
        String pages = service == null ? origins.serviceAt(origin) : service;
        String known = origins.heard(pages, origin)
                .orElseThrow(() ->
                        Problem.forbidden("No beacons of this service are taken in from this origin (annotation %s)"
                                .formatted(RealUsers.ORIGINS)));
        Optional<String> label = label(version, variant);
        List<RumBeacon> beacons = isForm(request)
                ? RumBeacon.ofForm(request::getParameter)
                : RumBeacon.read(body, properties.maxBeacons());
        label.ifPresent(of -> collector.take(pages, of, beacons));
        return ResponseEntity.noContent()
                .header(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, known)
                .header(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")
                .header(HttpHeaders.VARY, HttpHeaders.ORIGIN)
                .build();
    }

    private static boolean isForm(HttpServletRequest request) {
        String type = request.getContentType();
        if (type == null || !type.startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE)) {
            return false;
        }
        if (request.getParameterMap().keySet().stream()
                .anyMatch(name -> name.startsWith("{") || name.startsWith("["))) {
            throw Problem.invalid("", "JSON is sent as application/json or text/plain, not as a form");
        }
        return true;
    }

    private static Optional<String> label(String version, String variant) {
        if (version == null && variant == null) {
            return Optional.empty();
        }
        if (version != null && VERSION.matcher(version).matches()) {
            return Optional.of(version);
        }
        if (version == null && VARIANTS.contains(variant)) {
            return Optional.of(variant);
        }
        throw Problem.invalid(
                "/version",
                "must be the digest of the artifact or the key of the release; or variant canary or stable");
    }
}
