package dev.countersign.rollout.haproxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A HAProxy of its own, as the distribution packages it, with a configuration whose admin socket is {@link #socket}. */
public final class HaproxyProcess implements AutoCloseable {
    private final Path folder;
    private Process process;

    public HaproxyProcess(Path folder) {
        this.folder = folder;
    }

    public static boolean isInstalled() {
        return executable() != null;
    }

    private static Path executable() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator)), Stream.of("/usr/sbin"))
                .map(place -> Path.of(place).resolve("haproxy"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    public String socket() {
        return folder.resolve("admin.sock").toString();
    }

    /** Also once more after it was stopped. */
    public void start(String haproxyCfg) throws IOException {
        Path configuration = folder.resolve("haproxy.cfg");
        Files.writeString(configuration, haproxyCfg);
        Path log = folder.resolve("haproxy.log");
        process = new ProcessBuilder(List.of(executable().toString(), "-db", "-f", configuration.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        Awaitility.await("HAProxy answers, see " + log)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !process.isAlive() || answers());
        if (!process.isAlive()) {
            throw new IOException("HAProxy did not start: " + Files.readString(log));
        }
    }

    private boolean answers() {
        try {
            return !new RuntimeApi(socket(), Duration.ofSeconds(1))
                    .ask("show info")
                    .isEmpty();
        } catch (IOException notYet) {
            return false;
        }
    }

    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null && process.isAlive()) {
            stop();
        }
    }
}
