package dev.countersign.evidence.ci;

import dev.countersign.evidence.SourceUnavailable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A zip archive, opened within bounds that count what really comes out, whatever its entries say of themselves. */
final class Archive {
    private static final int MOST_ENTRIES = 20_000;

    private Archive() {}

    /**
     * @param wanted by the entry's path
     * @param limit of all bytes that come out, wanted or not
     */
    static Map<String, byte[]> files(byte[] zip, Predicate<String> wanted, long limit) throws SourceUnavailable {
        Map<String, byte[]> files = new TreeMap<>();
        long total = 0;
        int entries = 0;
        byte[] buffer = new byte[64 * 1024];
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (++entries > MOST_ENTRIES) {
                    throw new SourceUnavailable("its archive has more than %d entries".formatted(MOST_ENTRIES));
                }
                boolean kept = !entry.isDirectory() && wanted.test(entry.getName());
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    total += read;
                    if (total > limit) {
                        throw new SourceUnavailable("its archive unpacks to more than %d bytes".formatted(limit));
                    }
                    if (kept) {
                        out.write(buffer, 0, read);
                    }
                }
                if (kept) {
                    files.put(entry.getName(), out.toByteArray());
                }
            }
        } catch (IOException | IllegalArgumentException broken) {
            throw new SourceUnavailable("its archive cannot be unpacked", broken);
        }
        if (entries == 0) {
            throw new SourceUnavailable("its archive is empty or none at all");
        }
        return files;
    }
}
