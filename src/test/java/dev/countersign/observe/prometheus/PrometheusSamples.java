package dev.countersign.observe.prometheus;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;

/** Recorded answers, for the test over all samples. */
public final class PrometheusSamples {
    private PrometheusSamples() {}

    public static void check(Path file, JsonNode expected) throws IOException {
        RecordedAnswersTests.compare(file, expected.path("series"));
    }
}
