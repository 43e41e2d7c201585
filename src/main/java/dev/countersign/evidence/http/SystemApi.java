package dev.countersign.evidence.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.countersign.api.BoundedBody;
import dev.countersign.evidence.SourceUnavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/** One system's API: no redirects, a bounded time and size for each answer, and a reason in words for whatever is no good answer. */
public final class SystemApi {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(200).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Duration LONGEST_REST = Duration.ofHours(6);

    private final URI base;
    private final Supplier<Map<String, String>> headers;
    private final Duration timeout;
    private final long largest;
    private final Clock clock;
    private final HttpClient client;
    private final CheckedDownload downloads;

    /** @param headers with the credentials, made anew for each call */
    public SystemApi(URI base, Supplier<Map<String, String>> headers, Duration timeout, long largest, Clock clock) {
        this(base, headers, timeout, largest, clock, null);
    }

    /** @param trust whom to trust beside, or instead of, the roots that Java brings along; null for those */
    public SystemApi(
            URI base,
            Supplier<Map<String, String>> headers,
            Duration timeout,
            long largest,
            Clock clock,
            SSLContext trust) {
        this(base, headers, timeout, largest, clock, trust, CheckedAddress::isPublic, InetAddress::getAllByName);
    }

    SystemApi(
            URI base,
            Supplier<Map<String, String>> headers,
            Duration timeout,
            long largest,
            Clock clock,
            SSLContext trust,
            Predicate<InetAddress> mayDownloadFrom,
            CheckedAddress.Names names) {
        this.base = base;
        this.headers = headers;
        this.timeout = timeout;
        this.largest = largest;
        this.clock = clock;
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(timeout).followRedirects(HttpClient.Redirect.NEVER);
        this.client = (trust == null ? builder : builder.sslContext(trust)).build();
        SSLSocketFactory tls =
                trust == null ? (SSLSocketFactory) SSLSocketFactory.getDefault() : trust.getSocketFactory();
        this.downloads = new CheckedDownload(tls, timeout, largest, mayDownloadFrom, names);
    }

    /** A page of an answer; {@code header} gives what leads to the next one. */
    public record Page(JsonNode body, HttpHeaders headers) {
        public Optional<String> header(String name) {
            return headers.firstValue(name).filter(value -> !value.isBlank());
        }
    }

    public JsonNode json(String path) throws SourceUnavailable, InterruptedException {
        return page(path)
                .orElseThrow(() -> new SourceUnavailable("it answered 404 to " + plain(path)))
                .body();
    }

    /** Empty where there is no such thing (404). */
    public Optional<Page> page(String path) throws SourceUnavailable, InterruptedException {
        HttpResponse<byte[]> response = send(address(path), headers.get());
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        require(response, path);
        return Optional.of(new Page(parsed(response, path), response.headers()));
    }

    /** The bytes of a document of JSON, as they were sent. Empty where there is no such thing (404). */
    public Optional<byte[]> document(String path) throws SourceUnavailable, InterruptedException {
        HttpResponse<byte[]> response = send(address(path), headers.get());
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        require(response, path);
        parsed(response, path);
        return Optional.of(response.body());
    }

    /** What it answers to a question that stands in a body. */
    public JsonNode post(String path, JsonNode question) throws SourceUnavailable, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(question.toString()));
        HttpResponse<byte[]> response = send(request, headers.get());
        require(response, path);
        return parsed(response, path);
    }

    /** What was brought by {@link #document}. */
    public static JsonNode tree(byte[] document) throws SourceUnavailable {
        try {
            return JSON.readTree(document);
        } catch (IOException broken) {
            throw new SourceUnavailable("its answer is not JSON", broken);
        }
    }

    private static JsonNode parsed(HttpResponse<byte[]> response, String path) throws SourceUnavailable {
        try {
            return JSON.readTree(response.body());
        } catch (IOException broken) {
            throw new SourceUnavailable("its answer to %s is not JSON".formatted(plain(path)), broken);
        }
    }

    /** The bytes of a file, which may lie on another host: led there once, without our credentials. Empty where there is none (404, 410). */
    public Optional<byte[]> file(String path) throws SourceUnavailable, InterruptedException {
        URI address = address(path);
        HttpResponse<byte[]> response = send(address, headers.get());
        if (response.statusCode() / 100 == 3) {
            URI to = address.resolve(response.headers().firstValue("Location").orElse(""));
            if (BaseAddress.isSameHost(base, to)) {
                response = send(to, Map.of());
            } else if (BaseAddress.isElsewhere(base, to)) {
                return elsewhere(to, path);
            } else {
                throw notFollowed(path);
            }
        }
        return file(response.statusCode(), response.headers(), response.body(), path);
    }

    private Optional<byte[]> elsewhere(URI to, String path) throws SourceUnavailable {
        try {
            CheckedDownload.Answer answer = downloads.get(to);
            return file(answer.status(), answer.headers(), answer.body(), path);
        } catch (CheckedDownload.NotFollowed inOurNetwork) {
            throw notFollowed(path);
        } catch (IOException failed) {
            throw unreachable(failed);
        }
    }

    private static SourceUnavailable notFollowed(String path) {
        return new SourceUnavailable("it leads to an address that is not followed, for " + plain(path));
    }

    private Optional<byte[]> file(int status, HttpHeaders answered, byte[] body, String path) throws SourceUnavailable {
        if (status == 404 || status == 410) {
            return Optional.empty();
        }
        require(status, answered, path);
        return Optional.of(body);
    }

    private URI address(String path) {
        String text = base.toString();
        return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
    }

    private HttpResponse<byte[]> send(URI address, Map<String, String> with)
            throws SourceUnavailable, InterruptedException {
        return send(HttpRequest.newBuilder(address).GET(), with);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request, Map<String, String> with)
            throws SourceUnavailable, InterruptedException {
        try {
            with.forEach(request::header);
        } catch (IllegalArgumentException shown) {
            // Without this as the cause: it shows the header, which is the secret.
            throw new SourceUnavailable("our credentials have a character that no header may have");
        }
        try {
            return BoundedBody.exchange(client, request.timeout(timeout).build(), largest, timeout);
        } catch (IOException failed) {
            throw unreachable(failed);
        }
    }

    private static SourceUnavailable unreachable(IOException failed) {
        String reason = failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
        return new SourceUnavailable("it cannot be reached (%s)".formatted(reason), failed);
    }

    private void require(HttpResponse<byte[]> response, String path) throws SourceUnavailable {
        require(response.statusCode(), response.headers(), path);
    }

    private void require(int status, HttpHeaders answered, String path) throws SourceUnavailable {
        if (status == 200) {
            return;
        }
        // GitHub refuses many calls at once with 403 too, however many are left of the hour, and says when to come
        // back.
        boolean limited = status == 429
                || (status == 403
                        && (answered.firstValue("Retry-After").isPresent()
                                || answered.firstValue("x-ratelimit-remaining")
                                        .filter("0"::equals)
                                        .isPresent()));
        Duration rest = rest(answered);
        if (limited) {
            throw new SourceUnavailable(
                    "it has been asked too often (%d)%s"
                            .formatted(
                                    status, rest == null ? "" : " and wants %d s of rest".formatted(rest.toSeconds())),
                    rest);
        }
        if (status == 401 || status == 403) {
            throw new SourceUnavailable("it refuses our credentials (%d)".formatted(status));
        }
        if (status / 100 == 3) {
            throw new SourceUnavailable("it answered with a redirect (%d), which is not followed".formatted(status));
        }
        throw new SourceUnavailable("it answered %d to %s".formatted(status, plain(path)), rest);
    }

    /** {@code Retry-After} in seconds or as a date (RFC 9110), else GitHub's end of the limit. */
    private Duration rest(HttpHeaders headers) {
        Duration rest = headers.firstValue("Retry-After").map(this::retryAfter).orElseGet(() -> headers.firstValue(
                        "x-ratelimit-reset")
                .filter(text -> text.matches("\\d{1,12}"))
                .map(text -> Duration.between(clock.instant(), Instant.ofEpochSecond(Long.parseLong(text))))
                .orElse(null));
        if (rest == null || rest.isNegative()) {
            return null;
        }
        return rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest;
    }

    private Duration retryAfter(String text) {
        try {
            return text.strip().matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(text.strip()))
                    : Duration.between(
                            clock.instant(), ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeException unreadable) {
            return null;
        }
    }

    private static String plain(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }
}
