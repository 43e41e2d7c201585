package dev.countersign.catalog;

import java.util.List;

/** OpenSLO files for tests of what is measured by them. */
public final class OpenSloFiles {
    private OpenSloFiles() {}

    /** The objectives of one file, which must be usable. */
    public static List<Slo> read(String yaml) {
        OpenSlo.Read read = Texts.slos(yaml);
        if (!read.usable()) {
            throw new IllegalArgumentException(read.problems().toString());
        }
        return read.slos();
    }
}
