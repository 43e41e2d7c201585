package dev.countersign.evidence.reader;

/** Why a document cannot be read, and where: {@code line 3, column 14} or {@code byte 81234}. */
public class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;
    private final String place;

    public Unreadable(String message, String place) {
        super(message);
        this.place = place;
    }

    public String place() {
        return place;
    }
}
