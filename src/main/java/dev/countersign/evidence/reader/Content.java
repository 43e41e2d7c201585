package dev.countersign.evidence.reader;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of a document; may be opened as often as a reader needs. */
public interface Content {
    InputStream open() throws IOException;
}
