package dev.countersign.incident.reported;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.api.Problem;
import dev.countersign.incident.reported.ReportedProperties.Hook;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.HttpStatus;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.util.unit.DataSize;

/** Who may report incidents. */
@Tag("E4")
class SharedSecretTests {
    private static final Hook NONE = new Hook(null, null);
    private static final String SECRET = "0123456789abcdef";
    /** Of {@code {}}, as another tool makes it. */
    private static final String HMAC = "f91e3e9f05cc2df64ac1c26f8adccdffda8d1e4a7a8c50a1a08eeadac6ddfec5";

    private static ReportedProperties of(Hook jira) {
        return of(NONE, jira);
    }

    private static ReportedProperties of(Hook serviceNow, Hook jira) {
        return new ReportedProperties(
                NONE,
                serviceNow,
                jira,
                new Hook(" ", null),
                Duration.ofDays(7),
                Duration.ofDays(30),
                DataSize.ofKilobytes(1),
                10);
    }

    @Test
    void without_a_secret_the_path_is_closed_whatever_is_shown() {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.addHeader("Authorization", "Bearer ");
        assertThatThrownBy(() -> new IncidentWebhook(of(NONE), null, null).receive(request))
                .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.getStatusCode())
                        .isEqualTo(HttpStatus.NOT_FOUND));
    }

    @Test
    void a_secret_that_is_short_or_given_twice_keeps_the_platform_from_starting_and_none_is_shown() {
        assertThatThrownBy(() -> of(new Hook("short", null))).hasMessageContaining("at least 16 characters");
        assertThatThrownBy(() -> of(new Hook(SECRET, Path.of("file")))).hasMessageContaining("not in both");
        assertThat(of(new Hook(SECRET, null)).toString()).doesNotContain(SECRET);
        assertThat(of(new Hook(SECRET, null)).secrets().toString()).doesNotContain(SECRET);
    }

    @Test
    void two_systems_with_one_secret_keep_the_platform_from_starting(@TempDir Path folder) throws IOException {
        Hook written = new Hook(SECRET, null);
        Hook filed = new Hook(null, Files.writeString(folder.resolve("secret"), SECRET + "\n"));
        for (Hook other : List.of(written, filed)) {
            assertThatThrownBy(() -> of(written, other))
                    .hasMessageContaining("each system has one of its own")
                    .hasMessageNotContaining(SECRET);
        }
        assertThat(of(new Hook(SECRET + "1", null), filed).secrets()).hasSize(2);
        assertThat(of(written, new Hook(null, folder.resolve("none"))).secrets())
                .as("unknown to everybody until it is there")
                .hasSize(2);
    }

    @Test
    void a_file_is_read_anew_and_nobody_knows_the_secret_of_one_that_was_emptied(@TempDir Path folder)
            throws IOException {
        Path file = Files.writeString(folder.resolve("jira"), SECRET + "\n");
        SharedSecret secret = of(new Hook(null, file)).secrets().get(Source.JIRA);
        assertThat(secret.isShown(SECRET)).isTrue();
        Files.writeString(file, "another-" + SECRET);
        assertThat(secret.isShown(SECRET)).isFalse();
        assertThat(secret.isShown("another-" + SECRET)).isTrue();
        Files.writeString(file, "");
        assertThat(secret.isShown("")).isFalse();
        assertThat(secret.signed("sha256=", "sha256=", new byte[0])).isFalse();
        Files.delete(file);
        assertThat(secret.isShown("another-" + SECRET)).isFalse();
    }

    /** PagerDuty signs with each secret that is not taken back yet. */
    @Test
    void a_body_is_signed_with_one_of_several_signatures() {
        SharedSecret secret = of(new Hook(SECRET, null)).secrets().get(Source.JIRA);
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        String good = "v1=%s".formatted(HMAC);
        assertThat(secret.signed("v1=", good, body)).isTrue();
        assertThat(secret.signed("v1=", "v1=00, " + good, body)).isTrue();
        assertThat(secret.signed("v1=", "v1=00,v2=" + HMAC, body)).isFalse();
        assertThat(secret.signed("v1=", good, "{} ".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        assertThat(secret.signed("v1=", null, body)).isFalse();
    }
}
