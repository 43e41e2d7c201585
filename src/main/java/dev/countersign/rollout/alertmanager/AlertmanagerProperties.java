package dev.countersign.rollout.alertmanager;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param secret shared with Alertmanager, at least 32 characters, from the environment; without one the path is closed
 * @param secretFile the same in a file, read at the start
 * @param maxBody what is read of a delivery. Of a longer one the alerts in that part act, and what users meet is halted; one that is signed is refused, since nobody knows who sent it
 */
@ConfigurationProperties("countersign.rollout.alertmanager")
record AlertmanagerProperties(String secret, Path secretFile, @DefaultValue("32MB") DataSize maxBody) {
    private static final int SHORTEST_SECRET = 32;

    AlertmanagerProperties {
        if (secretFile != null) {
            try {
                secret = Files.readString(secretFile).strip();
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        secret = secret == null || secret.isBlank() ? null : secret;
        if (secret != null && secret.length() < SHORTEST_SECRET) {
            throw new IllegalArgumentException(
                    "countersign.rollout.alertmanager.secret needs at least " + SHORTEST_SECRET + " characters");
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "AlertmanagerProperties[open=" + (secret != null) + "]";
    }
}
