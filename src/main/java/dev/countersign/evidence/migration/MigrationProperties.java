package dev.countersign.evidence.migration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The databases whose integrity is checked, and where a downgrade is rehearsed.
 *
 * @param databases by the name that files of integrity checks give them
 * @param statementTimeout of one check
 * @param runTimeout of all checks together: they run within one step of a rollout, whose job is taken over by another node after 20 seconds
 * @param maxRows that a checksum reads; more is an error, never a pass
 * @param maxBytes that a checksum reads
 * @param rehearsalTimeout of one script of a rehearsal
 */
@ConfigurationProperties("countersign.migrations")
record MigrationProperties(
        Map<String, Database> databases,
        @DefaultValue("PT10S") Duration statementTimeout,
        @DefaultValue("PT14S") Duration runTimeout,
        @DefaultValue("1000000") long maxRows,
        @DefaultValue("64MB") DataSize maxBytes,
        @DefaultValue("PT2M") Duration rehearsalTimeout) {
    private static final Duration LONGEST = Duration.ofSeconds(15);

    MigrationProperties {
        databases = databases == null ? Map.of() : Map.copyOf(databases);
        require(isPositive(statementTimeout), "statement-timeout", "must be positive");
        require(isPositive(runTimeout) && runTimeout.compareTo(LONGEST) <= 0, "run-timeout", "must be at most PT15S");
        require(maxRows > 0, "max-rows", "must be positive");
        require(maxBytes.toBytes() > 0, "max-bytes", "must be positive");
        require(isPositive(rehearsalTimeout), "rehearsal-timeout", "must be positive");
    }

    /**
     * @param target the database itself, by a user that may only read
     * @param scratch a copy without production's duties, for rehearsals; null where there is none
     * @param schema whose structure a rehearsal compares
     */
    record Database(Login target, Login scratch, @DefaultValue("public") String schema) {
        Database {
            require(target != null, "databases.*.target", "must be named");
        }
    }

    /** @param password from the environment; {@code password-file} is read anew for each connection */
    record Login(String url, String username, String password, Path passwordFile) {
        Login {
            require(url != null, "databases.*.url", "must be named");
            JdbcAddress.of(url);
            require(username != null && !username.isBlank(), "databases.*.username", "must be named");
            require(
                    password == null || passwordFile == null,
                    "databases.*.password",
                    "stands in a file or here, not in both");
        }

        JdbcAddress address() {
            return JdbcAddress.of(url);
        }

        String secret() throws IOException {
            if (passwordFile != null) {
                return Files.readString(passwordFile, StandardCharsets.UTF_8).strip();
            }
            return password == null ? "" : password;
        }

        /** Without the password: what is configured is logged when it cannot be bound. */
        @Override
        public String toString() {
            return "Login[url=" + url + ", username=" + username + "]";
        }
    }

    /** The same limits for a run that has less time. */
    MigrationProperties within(Duration time) {
        return time.compareTo(runTimeout) >= 0
                ? this
                : new MigrationProperties(databases, statementTimeout, time, maxRows, maxBytes, rehearsalTimeout);
    }

    private static boolean isPositive(Duration time) {
        return !time.isNegative() && !time.isZero();
    }

    private static void require(boolean condition, String key, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("countersign.migrations." + key + " " + otherwise);
        }
    }
}
