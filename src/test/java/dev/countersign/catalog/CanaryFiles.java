package dev.countersign.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Canary configurations for tests of what is judged by them. */
public final class CanaryFiles {
    private CanaryFiles() {}

    /** A file that must be read. */
    public static CanaryConfiguration read(Path file) throws IOException {
        Declaration.Read<CanaryConfiguration> read =
                CanaryReader.read(new SourceFile(file.getFileName().toString(), Files.readAllBytes(file)));
        return read.said()
                .orElseThrow(() -> new IllegalArgumentException(read.problems().toString()));
    }
}
