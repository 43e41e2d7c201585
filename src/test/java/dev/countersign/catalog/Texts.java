package dev.countersign.catalog;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Files and documents written in a test. */
final class Texts {
    static final Path SAMPLES = Path.of(System.getProperty("samples", "../shared/samples"));

    private Texts() {}

    static SourceFile file(String name, String text) {
        return new SourceFile(name, text.getBytes(StandardCharsets.UTF_8));
    }

    static Facts facts(SourceFile... files) {
        return facts(Facts.NONE, files);
    }

    static Facts facts(Facts before, SourceFile... files) {
        return Facts.read(List.of(files), before, List.of());
    }

    /** The SLOs of one file, with no other file beside it. */
    static OpenSlo.Read slos(String text) {
        SourceFile file = file("slo.yaml", text);
        return OpenSlo.read(YamlReader.read(file), file.digest(), java.util.Map.of());
    }

    static SourceFile checklist(String text) {
        return file("checklist.yaml", text);
    }
}
