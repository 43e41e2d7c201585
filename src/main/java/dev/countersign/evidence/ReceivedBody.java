package dev.countersign.evidence;

import dev.countersign.api.Problem;
import dev.countersign.evidence.reader.Content;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.springframework.http.HttpStatus;

/** A request's body, inflated where it was packed, in a file: a large document is never held in memory. */
final class ReceivedBody implements Content, AutoCloseable {
    private final Path file;
    private final String sha256;
    private final long bytes;

    private ReceivedBody(Path file, String sha256, long bytes) {
        this.file = file;
        this.sha256 = sha256;
        this.bytes = bytes;
    }

    /**
     * @param limit in bytes, for the body as sent and inflated
     * @throws Problem 413 over the limit, 422 when it is empty or its gzip stream is broken
     */
    static ReceivedBody receive(InputStream body, long limit) throws IOException {
        Path file = Files.createTempFile("countersign-evidence", ".part");
        boolean kept = false;
        try {
            MessageDigest sha256 = sha256();
            long bytes;
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), sha256)) {
                bytes = copy(inflated(new Limited(body, limit)), out, limit);
            }
            if (bytes == 0) {
                throw Problem.invalid("", "The body is empty: send the document itself as the body");
            }
            kept = true;
            return new ReceivedBody(file, HexFormat.of().formatHex(sha256.digest()), bytes);
        } finally {
            if (!kept) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static long copy(InputStream in, OutputStream out, long limit) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long total = 0;
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                total += read;
                if (total > limit) {
                    throw tooLarge(limit);
                }
                out.write(buffer, 0, read);
            }
        } catch (ZipException | EOFException broken) {
            throw Problem.of(
                    HttpStatus.UNPROCESSABLE_ENTITY,
                    "The gzip stream is broken after " + total + " inflated bytes: " + broken.getMessage(),
                    Map.of("place", "byte " + total));
        }
        return total;
    }

    /** Recognised by its first two bytes (RFC 1952), since not every client sets Content-Encoding. */
    private static InputStream inflated(InputStream body) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(body);
        buffered.mark(2);
        boolean packed = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        return packed ? new Inflating(buffered) : buffered;
    }

    /** Opens the gzip stream at the first read, where a broken header is caught like a broken body. */
    private static final class Inflating extends InputStream {
        private final InputStream packed;
        private InputStream inflated;

        private Inflating(InputStream packed) {
            this.packed = packed;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (inflated == null) {
                inflated = new GZIPInputStream(packed, 64 * 1024);
            }
            return inflated.read(buffer, offset, length);
        }
    }

    private static final class Limited extends FilterInputStream {
        private final long limit;
        private long total;

        private Limited(InputStream in, long limit) {
            super(in);
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            return count(one < 0 ? 0 : 1) ? one : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count(read);
            return read;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        private boolean count(int read) {
            total += Math.max(read, 0);
            if (total > limit) {
                throw tooLarge(limit);
            }
            return true;
        }
    }

    static Problem tooLarge(long limit) {
        return Problem.of(
                HttpStatus.PAYLOAD_TOO_LARGE,
                "The document is larger than " + limit / (1024 * 1024) + " MB",
                Map.of("limit", limit));
    }

    String sha256Hex() {
        return sha256;
    }

    long bytes() {
        return bytes;
    }

    @Override
    public InputStream open() throws IOException {
        return new BufferedInputStream(Files.newInputStream(file), 64 * 1024);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
