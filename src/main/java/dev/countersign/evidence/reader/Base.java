package dev.countersign.evidence.reader;

/** Finds the contract that a new one is compared with. */
public interface Base {
    /** The source under which the first contract of a service is sent, before there is a stable release that has one. */
    String SOURCE = "base";

    /** The detail of a document that names the one it was compared with, by its SHA-256. */
    String DOCUMENT = "baseDocument";

    /** @param producer what the new document calls itself: its source, where the sender names none; @return null where there is none */
    Earlier of(String producer);

    /** The service whose release the document was sent to; null where that is not known. */
    default String service() {
        return null;
    }

    /**
     * @param name which one it is, for example {@code checkout@1.9.0}
     * @param sha256 of its bytes; null where they are not stored
     * @param newMajor the service's version has a higher major number than that release's; null where no release stands behind it
     */
    record Earlier(Content content, String name, String sha256, Boolean newMajor) {
        Earlier(Content content, String name, Boolean newMajor) {
            this(content, name, null, newMajor);
        }

        /** What the new document keeps of it. */
        void describe(java.util.Map<String, Object> details) {
            details.put("base", name);
            if (sha256 != null) {
                details.put(DOCUMENT, sha256);
            }
        }
    }
}
