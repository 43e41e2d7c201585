package dev.countersign.evidence.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** A secret from the environment, or from a file that is read anew each time. It shows itself to nobody who prints it. */
public final class Secret {
    private final String value;
    private final Path file;

    private Secret(String value, Path file) {
        this.value = value;
        this.file = file;
    }

    /** @return null where neither is given */
    public static Secret of(String key, String value, Path file) {
        boolean given = value != null && !value.isBlank();
        if (given && file != null) {
            throw new IllegalArgumentException(key + " stands in a file or here, not in both");
        }
        return given || file != null ? new Secret(given ? value.strip() : null, file) : null;
    }

    public String read() {
        if (file == null) {
            return value;
        }
        try {
            return Files.readString(file).strip();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The file of a secret cannot be read", unreadable);
        }
    }

    /** The header {@code Authorization}: the secret is the user's password, or a bearer token where there is no user. */
    public String authorization(String user) {
        String secret = read();
        return user == null || user.isBlank()
                ? "Bearer " + secret
                : "Basic " + Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
