package dev.countersign.gate;

import java.util.List;

/**
 * A gate as the table {@code required-gates} answers.
 *
 * @param reads the types of documents it judges, separated by commas; {@code none} where nothing can be read for it yet
 */
record Requirement(String gate, String required, String owner, String reads, String rule) {
    private static final int REQUIRED = 3;

    List<String> types() {
        return List.of(reads.split("\\s*,\\s*"));
    }

    String readsInWords() {
        return String.join(" or ", types());
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
