package dev.countersign.rollout.alertmanager;

/** What strangers wrote, for sentences of ours. */
final class Words {
    private static final int LONGEST = 200;

    private Words() {}

    static String cut(String text) {
        String plain = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST - 1) + "…";
    }
}
