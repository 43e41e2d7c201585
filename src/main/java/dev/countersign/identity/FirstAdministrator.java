package dev.countersign.identity;

import dev.countersign.api.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.identity.User;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Makes the first administrator, once, for whoever holds the secret. A used secret is stored as its digest and opens nothing any
 * more, also not when later the last administrator has gone.
 */
@Service
class FirstAdministrator {
    /** The engine's own policy, two characters longer; it is on in production and would answer without saying what is wrong. */
    private static final Pattern GOOD_PASSWORD =
            Pattern.compile("(?=.*[A-Z])(?=.*[a-z])(?=.*\\d)(?=.*[^A-Za-z0-9]).{12,}");

    private static final Pattern GOOD_ID = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9]|[._-][a-zA-Z0-9])*+");
    /** The width of the engine's column. */
    private static final int LONGEST_ID = 64;

    private final IdentityService identity;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final String secret;

    FirstAdministrator(IdentityService identity, JdbcClient jdbc, Clock clock, IdentitySettings settings) {
        this.identity = identity;
        this.jdbc = jdbc;
        this.clock = clock;
        this.secret = settings.bootstrapAdminSecret();
    }

    boolean exists() {
        return identity.createUserQuery()
                        .memberOfGroup(RoleGroups.CAMUNDA_ADMIN)
                        .count()
                > 0;
    }

    /** Whether the secret is given, was never used, and there is nobody yet. */
    boolean isAwaited() {
        return secret != null && !used(digest(secret)) && !exists();
    }

    /** @param userId of the new administrator; a user of that id must not exist */
    record Request(String secret, String userId, String name, String email, String password) {}

    @Transactional
    void create(Request request) {
        if (!isAwaited()) {
            throw Problem.notFound("There is no first administrator to be made here");
        }
        if (!MessageDigest.isEqual(bytes(secret), bytes(request.secret()))) {
            throw new NotEntitled("This is not the one-time secret");
        }
        check(request);
        spend();
        User user = identity.newUser(request.userId());
        user.setFirstName(request.name());
        user.setLastName("");
        user.setEmail(request.email());
        user.setPassword(request.password());
        identity.saveUser(user);
        identity.createMembership(user.getId(), RoleGroups.CAMUNDA_ADMIN);
        identity.createMembership(user.getId(), Role.ADMIN.id());
    }

    private void check(Request request) {
        if (request.userId().length() > LONGEST_ID
                || !GOOD_ID.matcher(request.userId()).matches()
                || Role.of(request.userId()).isPresent()) {
            throw Problem.invalid(
                    "/userId",
                    "The user's id is letters and digits, separated by one of `.`, `_`, `-`, has at most " + LONGEST_ID
                            + " characters and is not the name of a role");
        }
        if (identity.createUserQuery().userId(request.userId()).count() > 0) {
            throw Problem.invalid("/userId", "There is a user " + request.userId() + " already");
        }
        String password = request.password();
        if (!GOOD_PASSWORD.matcher(password).matches()
                || containsAny(password, request.userId(), request.name(), request.email())) {
            throw Problem.invalid(
                    "/password",
                    "The password needs at least 12 characters, with a capital, a small letter, a digit and a sign, and must not"
                            + " contain the user's id, name or mail address");
        }
    }

    private static boolean containsAny(String password, String... personal) {
        return Arrays.stream(personal)
                .filter(part -> !part.isBlank())
                .anyMatch(part -> password.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT)));
    }

    /** The primary key makes one of two simultaneous holders the winner. */
    private void spend() {
        try {
            jdbc.sql("insert into identity_bootstrap (secret_digest, used_at) values (?, ?)")
                    .params(digest(secret), OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                    .update();
        } catch (DuplicateKeyException second) {
            throw Problem.conflict("The one-time secret has just been used");
        }
    }

    private boolean used(String digest) {
        return jdbc.sql("select count(*) from identity_bootstrap where secret_digest = ?")
                        .param(digest)
                        .query(Long.class)
                        .single()
                > 0;
    }

    private static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(text)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
