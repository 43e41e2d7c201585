package dev.countersign.story;

import dev.countersign.evidence.reader.ReadingFigures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Measures what the running application needs beyond its idle heap to take a SARIF log as large as it takes any. A program, no test:
 * docs/performance.md names the command and what came out.
 */
final class IntakeFigures {
    private static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    private static final int ROOMY = 768;
    /** Megabytes over the idle application that are tried, the least first. */
    private static final List<Integer> OVER = List.of(64, 96, 128);

    private static final Pattern HELD = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
    private static final int SETTLING = 3;

    private IntakeFigures() {}

    /** What the process held after each collection, and how long the answer took. */
    private record Upload(int status, long milliseconds, long peakKilobytes) {}

    public static void main(String... args) throws Exception {
        Path log = ReadingFigures.generated();
        try {
            long idle = roomy(log);
            for (int over : OVER) {
                if (isTaken(log, (int) Math.ceil(idle / 1024.0) + over)) {
                    System.out.println("Taken with a heap of idle + " + over + " MB");
                    return;
                }
                System.out.println("Not taken with a heap of idle + " + over + " MB");
            }
        } finally {
            Files.deleteIfExists(log);
        }
    }

    private static long roomy(Path log) throws Exception {
        Path data = Files.createTempDirectory("intake-figures");
        try (Platform platform = new Platform(data).heap(ROOMY)) {
            platform.start();
            long idle = 0;
            for (int i = 0; i < SETTLING; i++) {
                idle = held(platform);
            }
            Upload upload = upload(platform, log, "7.0.1", true);
            System.out.printf(
                    Locale.ROOT,
                    "%.1f MB of SARIF: status %d after %d ms; held after a collection: idle %.1f MB, at most %.1f MB meanwhile, %.1f MB afterwards%n",
                    Files.size(log) / 1048576.0,
                    upload.status(),
                    upload.milliseconds(),
                    idle / 1024.0,
                    upload.peakKilobytes() / 1024.0,
                    held(platform) / 1024.0);
            return idle;
        } finally {
            remove(data);
        }
    }

    private static boolean isTaken(Path log, int megabytes) throws Exception {
        Path data = Files.createTempDirectory("intake-figures");
        try (Platform platform = new Platform(data).heap(megabytes)) {
            platform.start();
            Upload upload = upload(platform, log, "7.0.1", false);
            System.out.printf("-Xmx%dm: status %d after %d ms%n", megabytes, upload.status(), upload.milliseconds());
            return upload.status() == 201;
        } catch (IOException | ConditionTimeoutException broken) {
            System.out.printf("-Xmx%dm: %s%n", megabytes, broken.getMessage());
            return false;
        } finally {
            remove(data);
        }
    }

    private static Upload upload(Platform platform, Path log, String version, boolean watched) throws Exception {
        String key = open(platform, version);
        HttpRequest request = request(
                        platform, "/api/releases/" + key + "/evidence?type=sarif&commit=" + COMMIT, "application/json")
                .POST(HttpRequest.BodyPublishers.ofFile(log))
                .build();
        long before = System.nanoTime();
        CompletableFuture<HttpResponse<String>> answer =
                HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofString());
        List<Long> held = new ArrayList<>();
        while (watched && !answer.isDone()) {
            held.add(held(platform));
        }
        HttpResponse<String> got = answer.get(5, TimeUnit.MINUTES);
        if (got.statusCode() != 201) {
            System.out.println(got.body());
        }
        return new Upload(
                got.statusCode(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before),
                held.stream().mapToLong(Long::longValue).max().orElse(0));
    }

    private static String open(Platform platform, String version) throws IOException, InterruptedException {
        String body =
                """
                {"service": "checkout", "version": "%s", "commit": "%s", "authors": ["developer"],
                 "artifacts": [{"name": "registry.example/checkout", "digest": "sha256:%s"}]}"""
                        .formatted(version, COMMIT, "a".repeat(64));
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        request(platform, "/api/releases", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        String place = answer.headers()
                .firstValue("Location")
                .orElseThrow(() -> new IOException("No release was opened: " + answer.body()));
        return place.substring(place.lastIndexOf('/') + 1);
    }

    private static HttpRequest.Builder request(Platform platform, String path, String type) {
        return HttpRequest.newBuilder(URI.create(platform.url(path)))
                .timeout(Duration.ofMinutes(4))
                .header("Content-Type", type)
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString("ci:ci".getBytes(StandardCharsets.UTF_8)));
    }

    /** In kilobytes. The histogram collects everything first, and counts what is left at that same moment. */
    private static long held(Platform platform) throws IOException, InterruptedException {
        Matcher held = HELD.matcher(jcmd(platform, "GC.class_histogram"));
        if (!held.find()) {
            throw new IOException("jcmd does not say what is held");
        }
        return Long.parseLong(held.group(1)) / 1024;
    }

    private static String jcmd(Platform platform, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(platform.pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        try (var said = process.getInputStream()) {
            String all = new String(said.readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(all);
            }
            return all;
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(java.util.Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException left) {
                    throw new UncheckedIOException(left);
                }
            });
        }
    }
}
