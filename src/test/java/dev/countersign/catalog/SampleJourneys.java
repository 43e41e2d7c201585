package dev.countersign.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The journeys of the sample service checkout as its file declares them. */
public final class SampleJourneys {
    private SampleJourneys() {}

    public static List<Journey> ofCheckout() {
        try {
            byte[] file = Files.readAllBytes(Path.of("src/main/resources/sample/journeys/checkout.yaml"));
            return JourneyReader.read(new SourceFile("checkout.yaml", file))
                    .said()
                    .orElseThrow()
                    .journeys();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}
