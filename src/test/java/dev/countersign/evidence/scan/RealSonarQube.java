package dev.countersign.evidence.scan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.awaitility.Awaitility;

/** A SonarQube of its own with its scanner, both as the Maven repository has them, and of the languages Java only. It refuses to run as root: there it runs as nobody. */
final class RealSonarQube implements AutoCloseable {
    static final String INSTALL =
            "mvn dependency:copy -DoutputDirectory=target/sonarqube -Dartifact=org.sonarsource.sonarqube:sonar-application:9.9.8.100196:zip,"
                    + " and org.sonarsource.scanner.cli:sonar-scanner-cli:5.0.1.3006";
    private static final Path INSTALLED = Path.of("target", "sonarqube");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ADMINISTRATOR = "admin:admin";
    private static final String NOBODY = "nobody";
    /** As its own start script passes them. */
    private static final List<String> OPENED = List.of(
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.management/sun.management=ALL-UNNAMED",
            "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;
    private final int port = freePort();
    private final Process process;

    RealSonarQube(Path folder) throws IOException {
        this.folder = folder;
        Path home = unpack();
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            giveToNobody();
            command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--clear-groups"));
        }
        command.add(java());
        command.addAll(OPENED);
        command.addAll(
                List.of("-jar", only(home.resolve("lib"), "sonar-application-").toString()));
        ProcessBuilder start = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("sonarqube.log").toFile());
        start.environment()
                .putAll(Map.of(
                        "HOME", folder.toString(),
                        "SONAR_WEB_HOST", "127.0.0.1",
                        "SONAR_WEB_PORT", String.valueOf(port),
                        "SONAR_SEARCH_HOST", "127.0.0.1",
                        "SONAR_SEARCH_PORT", String.valueOf(freePort()),
                        "SONAR_TELEMETRY_ENABLE", "false",
                        "SONAR_UPDATECENTER_ACTIVATE", "false",
                        "SONAR_WEB_JAVAOPTS", "-Xmx384m -XX:TieredStopAtLevel=1",
                        "SONAR_CE_JAVAOPTS", "-Xmx384m -XX:TieredStopAtLevel=1",
                        "SONAR_SEARCH_JAVAOPTS", "-Xms256m -Xmx256m -XX:TieredStopAtLevel=1"));
        process = start.start();
        try {
            Awaitility.await("SonarQube to be up, see its log")
                    .atMost(Duration.ofMinutes(5))
                    .pollInterval(Duration.ofMillis(500))
                    .until(this::isUp);
        } catch (RuntimeException never) {
            close();
            throw never;
        }
    }

    /** Why it cannot run here; null where it can. */
    static String obstacle() throws IOException {
        if (jar() == null || zip() == null) {
            return "SonarQube is not installed: " + INSTALL;
        }
        if (isRoot() && !(isCommand("setpriv") && nobody() != null)) {
            return "SonarQube does not run as root, and here it cannot be made to run as " + NOBODY + " (setpriv)";
        }
        return null;
    }

    private static Path zip() throws IOException {
        return only(INSTALLED, "sonar-application-");
    }

    private static Path jar() throws IOException {
        return only(INSTALLED, "sonar-scanner-cli-");
    }

    private static Path only(Path folder, String name) throws IOException {
        if (!Files.isDirectory(folder)) {
            return null;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(name))
                    .findFirst()
                    .map(Path::toAbsolutePath)
                    .orElse(null);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static boolean isCommand(String name) {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(place -> Files.isExecutable(Path.of(place).resolve(name)));
    }

    private static UserPrincipal nobody() throws IOException {
        try {
            return INSTALLED.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY);
        } catch (java.nio.file.attribute.UserPrincipalNotFoundException none) {
            return null;
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** Without the analysers of other languages, which make it start later. */
    private Path unpack() throws IOException {
        Path home = null;
        try (ZipFile zip = new ZipFile(zip().toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                String name = entry.getName();
                if (name.contains("/lib/extensions/sonar-") && !name.contains("/sonar-java-plugin-")) {
                    continue;
                }
                Path file = folder.resolve(name).normalize();
                if (!file.startsWith(folder)) {
                    throw new FileSystemException(name);
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    continue;
                }
                Files.createDirectories(file.getParent());
                try (InputStream in = zip.getInputStream(entry)) {
                    Files.copy(in, file);
                }
                if (name.contains("/bin/")) {
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
                home = folder.resolve(folder.relativize(file).getName(0));
            }
        }
        return home;
    }

    private void giveToNobody() throws IOException {
        UserPrincipal nobody = nobody();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.setOwner(directory, nobody);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.setOwner(file, nobody);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private boolean isUp() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("SonarQube ended: " + Files.readString(folder.resolve("sonarqube.log")));
        }
        try {
            HttpResponse<String> answer = send("GET", "/api/system/status", ADMINISTRATOR);
            return answer.statusCode() == 200
                    && JSON.readTree(answer.body()).path("status").asText().equals("UP");
        } catch (IOException notYet) {
            return false;
        }
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** What its administrator does. */
    JsonNode post(String path, Map<String, String> parameters) throws IOException {
        String query = parameters.entrySet().stream()
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpResponse<String> answer = send("POST", path + "?" + query, ADMINISTRATOR);
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return answer.body().isEmpty() ? null : JSON.readTree(answer.body());
    }

    private HttpResponse<String> send(String method, String path, String credentials) throws IOException {
        try {
            return client.send(
                    HttpRequest.newBuilder(url().resolve(path))
                            .timeout(Duration.ofSeconds(30))
                            .header(
                                    "Authorization",
                                    "Basic "
                                            + Base64.getEncoder()
                                                    .encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }

    /** As a pipeline does it; over when the server has worked it off. */
    void analyse(String project, String commit, Path sources, String token) throws IOException {
        Path log = folder.resolve("scanner.log");
        Process scanner = new ProcessBuilder(
                        java(),
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        jar().toString(),
                        "-Dsonar.host.url=" + url(),
                        "-Dsonar.login=" + token,
                        "-Dsonar.projectKey=" + project,
                        "-Dsonar.projectBaseDir=" + sources.toAbsolutePath(),
                        "-Dsonar.sources=.",
                        "-Dsonar.java.binaries=.",
                        "-Dsonar.scm.disabled=true",
                        "-Dsonar.scm.revision=" + commit,
                        "-Dsonar.qualitygate.wait=true",
                        "-Dsonar.userHome=" + folder.resolve("scanner"),
                        "-Dsonar.working.directory=" + folder.resolve("scanned"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = scanner.waitFor(3, TimeUnit.MINUTES);
            String said = Files.readString(log);
            // It ends with an error where the quality gate fails, too.
            if (!ended || !said.contains("QUALITY GATE STATUS: ")) {
                scanner.destroyForcibly();
                throw new IOException("The scanner did not get through: " + said);
            }
        } catch (InterruptedException stopped) {
            scanner.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
