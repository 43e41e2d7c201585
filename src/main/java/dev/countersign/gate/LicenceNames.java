package dev.countersign.gate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The SPDX identifier behind the names that documents use for a licence, deprecated identifiers among them. */
final class LicenceNames {
    private static final Map<String, String> IDS = read();

    private LicenceNames() {}

    /** The identifier, for example {@code GPL-2.0-only} for {@code GPLv2}; it may have an exception: {@code … WITH Classpath-exception-2.0}. */
    static Optional<String> idOf(String name) {
        String plain = plain(name);
        String found = IDS.get(plain);
        // "Or later" of a licence that has no identifier for it: this version may be chosen.
        return Optional.ofNullable(found == null && plain.endsWith("+") ? IDS.get(plain.replace("+", "")) : found);
    }

    private static Map<String, String> read() {
        try (InputStream names = LicenceNames.class.getResourceAsStream("/licences/names.txt")) {
            Map<String, String> ids = new HashMap<>();
            new String(names.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\\s*\\|\\s*"))
                    .forEach(all -> Arrays.stream(all).forEach(name -> ids.putIfAbsent(plain(name), all[0].strip())));
            return Map.copyOf(ids);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What is left when only the words that tell licences apart are kept. */
    static String plain(String name) {
        String words = name.toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9.+]+", " ")
                .replaceAll("\\b(?:the|licen[sc]es?|versions?|ver|v|gnu)(?:\\.)?(?=\\s|$)", " ")
                .replaceAll("\\s+", " ")
                .strip()
                .replaceAll("(?:lesser|library) general public", "lgpl")
                .replaceAll("affero general public", "agpl")
                .replaceAll("general public", "gpl")
                .replaceAll("mozilla public", "mpl")
                .replaceAll("eclipse public", "epl")
                .replaceAll("(?<=[a-z])v(?=\\d)", " ")
                .replaceAll("\\bv(?=\\d)", "")
                .replaceAll("\\b([al]?gpl)(?=\\d)", "$1 ")
                .replaceAll("(?<![\\d.])(\\d+)(?![\\d.])", "$1.0")
                .replaceAll(" (?:or )?(?:any )?later\\b", "+")
                .replaceAll(" only\\b", "");
        return Arrays.stream(words.split(" ")).distinct().collect(Collectors.joining(" "));
    }
}
