package dev.countersign.schedule.rota;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The zones behind the names that calendar programs write: a name of the Olson database in any case, behind a prefix ({@code /freeassociation.sourceforge.net/Europe/Berlin}) or beside other words, or a
 * name of Windows.
 */
final class ZoneNames {
    private static final Pattern BETWEEN = Pattern.compile("[\\s()\\[\\],;]+");
    private static final TreeMap<String, String> KNOWN = known();

    private ZoneNames() {}

    static Optional<ZoneId> find(String written) {
        String name = written.replace("\"", "").strip();
        return Stream.concat(endings(name, 1), BETWEEN.splitAsStream(name).flatMap(word -> endings(word, 2)))
                .flatMap(ending -> Stream.ofNullable(KNOWN.get(ending)))
                .map(ZoneId::of)
                .findFirst()
                .or(() -> offset(name));
    }

    /** All of it, and what is behind each of its slashes; the longest first, and none of fewer parts. */
    private static Stream<String> endings(String name, int parts) {
        String[] all = name.split("/", -1);
        return Stream.iterate(0, from -> from <= all.length - parts, from -> from + 1)
                .map(from -> String.join("/", Arrays.asList(all).subList(from, all.length)));
    }

    /** As {@code UTC+01:00}. Abbreviations mean one zone here and another there: of those the file says itself what it means. */
    private static Optional<ZoneId> offset(String name) {
        try {
            return Optional.of(ZoneId.of(name));
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }

    private static TreeMap<String, String> known() {
        TreeMap<String, String> known = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        try (InputStream file = ZoneNames.class.getResourceAsStream("/rota/windows-zones.properties");
                Reader reader = new InputStreamReader(file, StandardCharsets.UTF_8)) {
            Properties windows = new Properties();
            windows.load(reader);
            windows.stringPropertyNames().forEach(name -> known.put(name, windows.getProperty(name)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        ZoneId.getAvailableZoneIds().forEach(id -> {
            known.put(id, id);
            known.put(id.replace('_', ' '), id);
        });
        return known;
    }
}
