package dev.countersign.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.countersign.notice.Delivery.State;
import jakarta.mail.BodyPart;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.fortuna.ical4j.data.CalendarBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M2.1")
class MailTests {
    /** The library's own two seconds are less than a busy machine may take. */
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(1);

    private GreenMail mailbox;
    private NoticeFixture fixture;

    @BeforeEach
    void start() {
        mailbox = serving(0);
        fixture = new NoticeFixture(mailbox.getSmtp().getPort(), true);
    }

    @AfterEach
    void stop() {
        mailbox.stop();
        fixture.close();
    }

    private static GreenMail serving(int port) {
        var setup = new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        setup.setServerStartupTimeout(STARTS_WITHIN.toMillis());
        var mailbox = new GreenMail(setup);
        mailbox.start();
        return mailbox;
    }

    private static Notices.Notice notice(Set<String> groups, Set<String> people, String subject, String line) {
        return new Notices.Notice(
                "checkout@2.0.0", "decision", groups, people, subject, List.of(line), "/releases/checkout@2.0.0", null);
    }

    private static Notices.Notice invitation() {
        var event = new Notices.Invitation(
                "review-checkout@2.0.0",
                0,
                false,
                Instant.parse("2026-11-24T13:00:00Z"),
                Instant.parse("2026-11-24T13:30:00Z"),
                "Readiness review",
                "Online");
        return new Notices.Notice(
                "checkout@2.0.0", "invitation", Set.of(), Set.of("qa"), "Review", List.of("Please come."), null, event);
    }

    private List<State> statesOf(long mail) {
        return fixture.store.deliveriesOf(mail).stream().map(Delivery::state).toList();
    }

    private String body(MimeMessage message, String type) throws Exception {
        return parts(message.getContent())
                .filter(part -> typeOf(part).startsWith(type))
                .map(MailTests::textOf)
                .findFirst()
                .orElseThrow();
    }

    private static Stream<BodyPart> parts(Object content) throws Exception {
        Stream<BodyPart> all = Stream.empty();
        if (content instanceof Multipart several) {
            for (int i = 0; i < several.getCount(); i++) {
                BodyPart part = several.getBodyPart(i);
                all = Stream.concat(all, Stream.concat(Stream.of(part), parts(part.getContent())));
            }
        }
        return all;
    }

    private static String typeOf(BodyPart part) {
        try {
            return part.getContentType().replaceAll("\\s+", " ");
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String textOf(BodyPart part) {
        try {
            return new String(part.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    @Tag("M2.5")
    void people_outside_get_a_mail_by_their_address_alone() throws Exception {
        long mail = fixture.mail(new Notices.Notice(
                "checkout@2.0.0",
                "announcement",
                Set.of(),
                Set.of(),
                "News",
                List.of("It is there."),
                null,
                null,
                Set.of("a@example.org", "b@example.org")));

        assertThat(fixture.dispatch.send(mail)).isEmpty();

        assertThat(mailbox.getReceivedMessages()).hasSize(2).allSatisfy(message -> {
            assertThat(message.getAllRecipients()).hasSize(1);
            assertThat(body(message, "text/plain")).contains("It is there.").doesNotContain("role", "task");
        });
    }

    @ParameterizedTest
    @Tag("M2.5")
    @ValueSource(
            strings = {
                "",
                "a",
                "a@localhost",
                "a@example.org\r\nBcc: b@example.org",
                "a@example.org,b@example.org",
                "A <a@example.org>",
                "a b@example.org",
                "a@[127.0.0.1]",
                "a@exa\u00e4mple.org\n"
            })
    void what_is_no_plain_address_is_sent_nothing(String address) {
        assertThat(MailAddress.of(address)).isEmpty();
        assertThatThrownBy(() -> fixture.mail(new Notices.Notice(
                        "checkout@2.0.0",
                        "announcement",
                        Set.of(),
                        Set.of(),
                        "News",
                        List.of("x"),
                        null,
                        null,
                        Set.of(address))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everybody_in_a_group_gets_one_mail_of_their_own() throws Exception {
        long mail = fixture.mail(notice(Set.of("qa", "release-manager"), Set.of("qa"), "Decided: GO", "It goes."));

        assertThat(fixture.dispatch.send(mail)).isEmpty();

        assertThat(mailbox.getReceivedMessages()).hasSize(2).allSatisfy(message -> {
            assertThat(message.getAllRecipients()).hasSize(1);
            assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
            assertThat(body(message, "text/plain"))
                    .contains("It goes.", "https://countersign.example/releases/checkout@2.0.0");
            assertThat(body(message, "text/html"))
                    .contains("It goes.", "https://countersign.example/releases/checkout@2.0.0");
        });
        assertThat(statesOf(mail)).containsExactly(State.SENT, State.SENT);
        assertThat(fixture.dispatch.send(mail)).isEmpty();
        assertThat(mailbox.getReceivedMessages()).hasSize(2);
    }

    @Test
    void a_line_break_in_a_subject_adds_no_header() throws Exception {
        long mail = fixture.mail(
                notice(Set.of(), Set.of("qa"), "Done\r\nBcc: somebody@elsewhere.example\r\n\r\n<b>", "It goes."));
        fixture.dispatch.send(mail);

        MimeMessage message = mailbox.getReceivedMessages()[0];
        assertThat(mailbox.getReceivedMessages()).hasSize(1);
        assertThat(message.getSubject()).isEqualTo("Done Bcc: somebody@elsewhere.example <b>");
        assertThat(message.getHeader("Bcc")).isNull();
    }

    @Test
    void what_people_wrote_is_escaped_in_html() throws Exception {
        long mail = fixture.mail(notice(Set.of(), Set.of("qa"), "<script>", "a < b & <img src=x onerror=alert(1)>"));
        fixture.dispatch.send(mail);

        assertThat(body(mailbox.getReceivedMessages()[0], "text/html"))
                .contains("a &lt; b &amp; &lt;img")
                .doesNotContain("<script>", "<img");
    }

    @Test
    void an_invitation_is_an_alternative_of_the_text_and_a_file() throws Exception {
        fixture.dispatch.send(fixture.mail(invitation()));

        MimeMessage message = mailbox.getReceivedMessages()[0];
        assertThat(message.getContentType()).startsWith("multipart/mixed");
        var alternatives =
                (Multipart) ((Multipart) message.getContent()).getBodyPart(0).getContent();
        assertThat(alternatives.getContentType()).startsWith("multipart/alternative");
        assertThat(typeOf(alternatives.getBodyPart(2)))
                .startsWith("text/calendar")
                .contains("method=REQUEST")
                .contains("charset=UTF-8");
        BodyPart file = ((Multipart) message.getContent()).getBodyPart(1);
        assertThat(file.getFileName()).isEqualTo("invite.ics");
        assertThat(textOf(file)).isEqualTo(textOf(alternatives.getBodyPart(2)));
        var calendar = new CalendarBuilder().build(new StringReader(textOf(file)));
        assertThat(calendar.validate().hasErrors()).isFalse();
        assertThat(textOf(file).replace("\r\n ", ""))
                .contains("mailto:qa@example.org")
                .doesNotContain("qa-2@example.org");
    }

    @Test
    void a_mail_server_that_is_down_loses_nothing() throws Exception {
        int port = mailbox.getSmtp().getPort();
        mailbox.stop();
        long mail = fixture.mail(notice(Set.of("qa"), Set.of(), "Decided: GO", "It goes."));
        long other = fixture.mail(notice(Set.of("qa"), Set.of(), "Other", "Other."));

        assertThat(fixture.dispatch.send(mail)).contains(Duration.ofSeconds(30));
        assertThat(fixture.dispatch.send(other)).contains(Duration.ofSeconds(30));
        assertThat(fixture.server.trouble()).isNotNull();
        fixture.pass(Duration.ofSeconds(30));
        assertThat(fixture.dispatch.send(mail)).contains(Duration.ofSeconds(60));
        assertThat(statesOf(mail)).containsOnly(State.WAITING);

        mailbox = serving(port);
        fixture.pass(Duration.ofSeconds(60));
        assertThat(fixture.dispatch.send(mail)).isEmpty();
        assertThat(fixture.dispatch.send(other)).isEmpty();
        assertThat(fixture.server.trouble()).isNull();
        assertThat(mailbox.getReceivedMessages()).hasSize(4);
        assertThat(statesOf(mail)).containsOnly(State.SENT);
    }

    @Test
    void after_five_days_a_mail_is_given_up_and_can_be_sent_again_by_hand() {
        int port = mailbox.getSmtp().getPort();
        mailbox.stop();
        long mail = fixture.mail(notice(Set.of("qa"), Set.of(), "Decided: GO", "It goes."));
        fixture.dispatch.send(mail);
        fixture.pass(Duration.ofDays(5).plusSeconds(1));

        assertThat(fixture.dispatch.send(mail)).isEmpty();
        assertThat(statesOf(mail)).containsOnly(State.FAILED);

        mailbox = serving(port);
        fixture.notices.again(mail);
        assertThat(fixture.dispatch.send(mail)).isEmpty();
        assertThat(statesOf(mail)).containsOnly(State.SENT);
    }

    @Test
    void one_person_without_an_address_holds_up_nobody() {
        long mail = fixture.mail(notice(Set.of("support", "qa"), Set.of("stranger"), "Incident", "It is over."));

        assertThat(fixture.dispatch.send(mail)).isEmpty();

        assertThat(mailbox.getReceivedMessages()).hasSize(2);
        assertThat(fixture.store.deliveriesOf(mail))
                .filteredOn(delivery -> delivery.state() == State.FAILED)
                .extracting(Delivery::lastError)
                .containsExactly("No mail address is known for nobody", "No mail address is known for stranger");
    }

    @Test
    void the_sandbox_without_a_server_keeps_mail_with_its_invitation() {
        try (var kept = new NoticeFixture(null, true)) {
            long mail = kept.mail(invitation());

            assertThat(kept.dispatch.send(mail)).isEmpty();

            assertThat(kept.store.deliveriesOf(mail)).singleElement().satisfies(delivery -> {
                assertThat(delivery.state()).isEqualTo(State.KEPT);
                assertThat(delivery.ics()).contains("METHOD:REQUEST");
            });
            assertThat(kept.store.list("qa", "checkout@2.0.0", 0, 10)).hasSize(1);
            assertThat(kept.store.list("qa-2", null, 0, 10)).isEmpty();
            assertThat(kept.store.list(null, "checkout@9.9.9", 0, 10)).isEmpty();
        }
    }

    @Test
    void production_without_a_server_keeps_mail_waiting() {
        try (var production = new NoticeFixture(null, false)) {
            long mail = production.mail(invitation());

            assertThat(production.dispatch.send(mail)).isPresent();
            assertThat(production.store.count(State.WAITING)).isEqualTo(1);
        }
    }

    @Test
    void nothing_is_sent_for_a_transaction_that_is_rolled_back() {
        assertThatThrownBy(() -> fixture.transaction.executeWithoutResult(status -> {
                    fixture.mail(notice(Set.of("qa"), Set.of(), "Decided: GO", "It goes."));
                    throw new IllegalStateException("rolled back");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(fixture.jdbc
                        .sql("select count(*) from mail")
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(fixture.jdbc
                        .sql("select count(*) from scheduled_tasks")
                        .query(Long.class)
                        .single())
                .isZero();
    }
}
