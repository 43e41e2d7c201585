package dev.countersign.evidence.reader;

import java.io.IOException;

/** Reads one type of document as a stream. What it cannot read completely it refuses: nothing of such a document counts. */
public interface DocumentReader {
    DocumentType type();

    /** @throws Unreadable when the document is not what it says, is cut off, or tries what no report needs */
    Reading read(Content content) throws IOException, Unreadable;

    /** As {@link #read(Content)}, where the document is a contract that is held against the one before it. */
    default Reading read(Content content, Base base) throws IOException, Unreadable {
        return read(content);
    }
}
