package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Document;
import java.util.Arrays;
import java.util.List;

/**
 * A gate as the table {@code required-gates} answers.
 *
 * @param reads the types of documents it judges, separated by commas, with a colon and what was scanned for behind one that is shared by scanners of several kinds; {@code none} where
 *     nothing can be read for it yet
 */
record Requirement(String gate, String required, String owner, String reads, String rule) {
    private static final int REQUIRED = 3;

    /** What a document says that it was scanned for. */
    private static final String SCAN = "scan";

    List<String> types() {
        return Gates.types(reads);
    }

    String readsInWords() {
        return String.join(" or ", Arrays.asList(entries()));
    }

    private String[] entries() {
        return reads.split("\\s*,\\s*");
    }

    /** Whether it reads some documents of the type only. */
    boolean isSelective(String type) {
        return Arrays.stream(entries()).anyMatch(entry -> entry.startsWith(type + ":"));
    }

    /** Of a type that several gates read, the documents that were made for this one. */
    boolean isFor(Document document) {
        String made = document.type() + ":" + document.details().get(SCAN);
        return !isSelective(document.type()) || Arrays.asList(entries()).contains(made);
    }

    boolean isRequired() {
        return rank() == REQUIRED;
    }

    boolean isPutOff() {
        return Gates.AFTERWARDS.equals(required);
    }

    boolean isApplicable() {
        return !"not-applicable".equals(required);
    }

    /** Where two rows speak of one gate the stricter one counts. */
    Requirement stricter(Requirement other) {
        return rank() >= other.rank() ? this : other;
    }

    private int rank() {
        return switch (required) {
            case "not-applicable" -> 0;
            case "advisory" -> 1;
            // Put off: judged and shown, and made up for in the review of the hotfix.
            case Gates.AFTERWARDS -> 2;
            // Anything else, a typing error too, must not weaken the gate.
            default -> REQUIRED;
        };
    }
}
