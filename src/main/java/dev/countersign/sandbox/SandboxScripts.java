package dev.countersign.sandbox;

import dev.countersign.rollout.Deployer.ScriptFile;
import dev.countersign.rollout.Deployer.ScriptRun;
import dev.countersign.rollout.Deployer.StagedScript;
import dev.countersign.rollout.Staging;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** The scripts of the way back that stand ready at the sample target and at its place in staging: files of a folder for each place, read whenever somebody asks. */
@InSandbox
@Component
final class SandboxScripts {
    private static final String SAMPLE = "alter table stock drop column if exists reserved";
    private final SampleDatabase database;
    private final Path folder;
    /** The databases are in memory: what ran in them is forgotten with them. */
    private final Set<String> ran = ConcurrentHashMap.newKeySet();

    SandboxScripts(SandboxProperties properties, SampleDatabase database) {
        this.database = database;
        try {
            this.folder = properties.scripts() == null ? sample() : properties.scripts();
        } catch (IOException unwritable) {
            throw new UncheckedIOException("The sample scripts cannot be written", unwritable);
        }
    }

    private static Path sample() throws IOException {
        Path folder = Files.createTempDirectory("countersign-sandbox-scripts");
        for (String place : new String[] {SampleDatabase.SERVICE, Staging.of(SampleDatabase.SERVICE)}) {
            Path file = Files.createDirectories(folder.resolve(place)).resolve("rollback.sql");
            Files.writeString(file, SAMPLE);
            file.toFile().deleteOnExit();
        }
        return folder;
    }

    Optional<StagedScript> find(String place, String path) throws IOException {
        Optional<Path> file = file(place, path);
        return file.isEmpty()
                ? Optional.empty()
                : Optional.of(new StagedScript(digest(content(file.get())), Files.isReadable(file.get())));
    }

    /** What runs is what was compared: it is read once. */
    synchronized void run(String place, ScriptRun run) throws IOException {
        if (ran.contains(place + " " + run.id())) {
            return;
        }
        String content = content(
                file(place, run.path()).orElseThrow(() -> new IOException("nothing stands ready at " + run.path())));
        if (!digest(content).equals(run.digest())) {
            throw new IOException("at %s stands %s, which nobody registered".formatted(run.path(), digest(content)));
        }
        for (ScriptFile expected : run.files()) {
            Optional<Path> own = file(place, expected.name());
            if (own.isPresent() && !digest(content(own.get())).equals(expected.digest())) {
                throw new IOException(expected.name() + " is another one here");
            }
        }
        database.execute(place, content);
        ran.add(place + " " + run.id());
    }

    /** Never out of the place's own folder. */
    private Optional<Path> file(String place, String path) {
        Path own = folder.resolve(place).normalize();
        Path file = own.resolve(path).normalize();
        return file.startsWith(own) && Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    private static String content(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    static String digest(String content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
