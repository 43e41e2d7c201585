package dev.countersign.evidence.reader;

/** Text out of a document that a stranger wrote, made fit to be stored and shown. */
public final class Words {
    private static final int LONGEST = 300;

    private Words() {}

    /** One line, without control characters, halves of surrogate pairs and direction marks, cut at {@value #LONGEST} characters. */
    public static String of(String raw) {
        return of(raw, LONGEST);
    }

    /** The same, cut at another length. */
    static String of(String raw, int longest) {
        if (raw == null) {
            return "";
        }
        StringBuilder clean = new StringBuilder();
        boolean space = false;
        for (int i = 0; i < raw.length() && clean.length() < longest; ) {
            int point = raw.codePointAt(i);
            i += Character.charCount(point);
            if (Character.isWhitespace(point)) {
                space = clean.length() > 0;
                continue;
            }
            if (space) {
                clean.append(' ');
                space = false;
            }
            clean.appendCodePoint(isShown(point) ? point : 0xFFFD);
        }
        return clean.toString();
    }

    /**
     * A place in the document, and the file that it speaks of.
     *
     * @param file empty where there is none; an absolute path is told from a JSON pointer by the word before it
     */
    static String at(String line, String file) {
        return line + (file.isEmpty() ? "" : file.startsWith("/") ? ", in " + file : ", " + file);
    }

    private static boolean isShown(int point) {
        int type = Character.getType(point);
        return type != Character.CONTROL && type != Character.FORMAT && type != Character.SURROGATE;
    }
}
