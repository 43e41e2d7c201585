package dev.countersign.preparation;

import dev.countersign.release.Dossiers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The parts of a dossier that concern a role, with their digests: what a tick or a plan is bound to. */
record Seen(Map<String, String> parts) {
    /** What is prepared is itself part of the dossier: it does not void itself. */
    private static final Set<String> OWN = Set.of(PreparationParts.CHECKLIST, PreparationParts.PLAN);

    Seen {
        parts = Map.copyOf(parts);
    }

    static Seen by(String role, Dossiers.Dossier dossier) {
        Map<String, String> parts = new TreeMap<>(dossier.seenBy(role));
        parts.keySet().removeAll(OWN);
        return new Seen(parts);
    }

    /** One digest over all of it, for a form to carry. */
    String digest(String about) {
        StringBuilder text = new StringBuilder(about);
        new TreeMap<>(parts)
                .forEach((name, digest) ->
                        text.append('\n').append(name).append(' ').append(digest));
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    String differenceTo(Seen now) {
        Set<String> changed = new TreeSet<>(parts.keySet());
        changed.addAll(now.parts.keySet());
        changed.removeIf(part -> Objects.equals(parts.get(part), now.parts.get(part)));
        return "changed since: " + String.join(", ", changed);
    }
}
