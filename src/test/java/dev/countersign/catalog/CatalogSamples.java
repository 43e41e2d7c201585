package dev.countersign.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;

/** Files of the catalog that other projects wrote, for the test over all samples. */
public final class CatalogSamples {
    private CatalogSamples() {}

    public static void backstage(Path file, JsonNode expected) throws IOException {
        new RealFilesTests().entities(new RealFilesTests.Sample(file, expected));
    }

    public static void openSlo(Path file, JsonNode expected) throws IOException {
        new RealFilesTests().slos(new RealFilesTests.Sample(file, expected));
    }
}
