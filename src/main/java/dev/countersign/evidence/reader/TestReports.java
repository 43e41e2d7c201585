package dev.countersign.evidence.reader;

import java.io.IOException;
import java.util.Optional;

/** Reports of tests, for those who put those of a run together. */
public final class TestReports {
    private TestReports() {}

    /** What a report says that is NUnit's, xUnit's, TestNG's or TRX, and has something to say; empty for other documents. */
    public static Optional<Reading> ofAnotherDialect(Content content) throws IOException, Unreadable {
        if (!isReport(content)) {
            return Optional.empty();
        }
        Reading reading = new TestReportReader().read(content);
        return reading.gap() == null || suiteErrors(reading) > 0 ? Optional.of(reading) : Optional.empty();
    }

    /** What cannot be told is something else: XML of all kinds lies beside reports. */
    private static boolean isReport(Content content) throws IOException {
        try {
            return new Detection()
                    .typeOf(content)
                    .filter(DocumentType.JUNIT::equals)
                    .isPresent();
        } catch (Unreadable unknown) {
            return false;
        }
    }

    private static long suiteErrors(Reading reading) {
        return reading.summary().get("suiteErrors") instanceof Number number ? number.longValue() : 0;
    }
}
