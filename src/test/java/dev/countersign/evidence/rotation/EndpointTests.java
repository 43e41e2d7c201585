package dev.countersign.evidence.rotation;

import static dev.countersign.evidence.rotation.Looking.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.reader.Reading;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real handshakes with servers of the test: what is wrong with each is told apart. */
@Tag("M4.4")
class EndpointTests {
    private static final String HOST = "shop.example";
    private static final Instant FROM = NOW.minus(Duration.ofDays(30));
    private static final Instant UNTIL = NOW.plus(Duration.ofDays(60));
    private static final Authority ROOT = Authority.root("Test Root");
    private static final Authority ISSUER = ROOT.intermediate("Test Issuer");

    @TempDir
    private static Path folder;

    private static Path trust;
    private final Looking looking = new Looking();

    @BeforeAll
    static void writeTheRoot() throws Exception {
        trust = ROOT.writeTo(folder.resolve("roots.pem"));
    }

    @AfterEach
    void stop() throws Exception {
        looking.close();
    }

    private Reading look(Authority.Issued issued) throws Exception {
        return look(issued, HOST);
    }

    private Reading look(Authority.Issued issued, String serverName) throws Exception {
        try (TlsServer server = TlsServer.showing(issued)) {
            return looking.endpoint(server.port(), serverName).trusting(trust).look();
        }
    }

    private static Finding only(Reading reading) {
        assertThat(reading.findings()).hasSize(1);
        return reading.findings().get(0);
    }

    private static void onlyCount(Reading reading, String count) {
        assertThat(only(reading).counts()).containsExactly(count);
        for (String other : List.of("errors", "wrongHost", "untrusted", "weak")) {
            assertThat(reading.summary().get(other)).as(other).isEqualTo(other.equals(count) ? 1L : 0L);
        }
    }

    @Test
    void a_good_endpoint_has_no_finding_and_its_certificates_are_stated() throws Exception {
        Authority.Issued issued = ISSUER.issue(HOST, FROM, UNTIL);
        Reading reading = look(issued);
        assertThat(reading.findings()).isEmpty();
        assertThat(reading.summary())
                .containsEntry("endpoints", 1L)
                .containsEntry("checks", 1L)
                .containsEntry("declared", 1L);
        assertThat(reading.details().get("certificates"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(Map.class))
                .hasSize(2)
                .first(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("serial", issued.own().getSerialNumber().toString(16))
                .containsEntry("sha256", Certificates.sha256(issued.own()))
                .containsEntry("issuer", "CN=Test Issuer")
                .containsEntry("notAfter", UNTIL.toString());
    }

    @Test
    void the_same_state_gives_the_same_bytes() throws Exception {
        try (TlsServer server = TlsServer.showing(ISSUER.issue(HOST, FROM, UNTIL))) {
            looking.endpoint(server.port(), HOST).trusting(trust);
            assertThat(looking.document()).isEqualTo(looking.document());
        }
    }

    /** That it has expired is judged by its dates, when the gate is judged: here only that nothing else is said of it. */
    @Test
    void an_expired_certificate_is_neither_untrusted_nor_weak() throws Exception {
        assertThat(look(ISSUER.issue(HOST, FROM, NOW.minusSeconds(60))).findings())
                .isEmpty();
    }

    @Test
    void a_certificate_that_is_not_valid_yet_is_neither_untrusted_nor_weak() throws Exception {
        assertThat(look(ISSUER.issue(HOST, NOW.plus(Duration.ofDays(1)), UNTIL)).findings())
                .isEmpty();
    }

    @Test
    void a_certificate_for_another_host_is_told_with_the_names_that_it_is_for() throws Exception {
        Authority.Issued issued = ISSUER.issue("other.example", FROM, UNTIL);
        Reading reading = look(issued);
        onlyCount(reading, "wrongHost");
        assertThat(only(reading).title())
                .contains("localhost:", "not for shop.example", "other.example")
                .contains(issued.own().getSerialNumber().toString(16), Certificates.sha256(issued.own()))
                .contains("issued by CN=Test Issuer", "valid until " + UNTIL);
        assertThat(only(reading).place()).matches("line \\d+.*");
    }

    @Test
    void an_asterisk_stands_for_one_label_only() throws Exception {
        Authority.Issued issued = ISSUER.issue("*.shop.example", FROM, UNTIL);
        assertThat(ServerIdentity.names(issued.own(), "pay.shop.example")).isTrue();
        assertThat(ServerIdentity.names(issued.own(), "shop.example")).isFalse();
        assertThat(ServerIdentity.names(issued.own(), "a.pay.shop.example")).isFalse();
        assertThat(ServerIdentity.names(ISSUER.issue("*.example", FROM, UNTIL).own(), HOST))
                .isFalse();
        assertThat(ServerIdentity.names(ISSUER.issue("127.0.0.1", FROM, UNTIL).own(), "127.0.0.1"))
                .isTrue();
        assertThat(ServerIdentity.names(ISSUER.issue("127.0.0.1", FROM, UNTIL).own(), "127.0.0.2"))
                .isFalse();
    }

    @Test
    void a_chain_without_the_issuer_is_incomplete() throws Exception {
        Reading reading = look(ISSUER.issue(HOST, FROM, UNTIL).alone());
        onlyCount(reading, "untrusted");
        assertThat(only(reading).rule()).isEqualTo("incomplete-chain");
        assertThat(only(reading).title()).contains("does not show the certificate of its issuer CN=Test Issuer");
    }

    @Test
    void a_root_that_nobody_trusts_is_told_as_such() throws Exception {
        Authority other = Authority.root("Other Root");
        Authority.Issued issued = other.issue(HOST, FROM, UNTIL);
        Reading reading = look(issued.with(List.of(issued.own(), other.certificate())));
        onlyCount(reading, "untrusted");
        assertThat(only(reading).rule()).isEqualTo("untrusted");
        assertThat(only(reading).title()).contains("nobody trusts the root CN=Other Root");
    }

    @Test
    void a_certificate_signed_by_itself_is_untrusted() throws Exception {
        Reading reading = look(Authority.selfSigned(HOST, FROM, UNTIL));
        onlyCount(reading, "untrusted");
        assertThat(only(reading).title()).contains("signed by itself");
    }

    /** Whoever got a server's certificate is no authority by it. */
    @Test
    void a_certificate_issued_by_no_authority_is_untrusted() throws Exception {
        Authority.Issued shop = ISSUER.issue("mallory.example", FROM, UNTIL);
        Authority.Issued forged = Authority.underAServer(shop, HOST, FROM, UNTIL);
        Reading reading = look(forged);
        onlyCount(reading, "untrusted");
        assertThat(only(reading).title()).contains("the chain does not hold");
    }

    @Test
    void a_certificate_that_is_not_for_servers_is_untrusted() throws Exception {
        Reading reading =
                look(ISSUER.issue(HOST, FROM, UNTIL, Authority.ec(), "SHA256withECDSA", KeyPurposeId.id_kp_clientAuth));
        onlyCount(reading, "untrusted");
        assertThat(only(reading).title()).contains("not for servers");
    }

    @Test
    void a_short_key_is_weak() throws Exception {
        Reading reading = look(
                ISSUER.issue(HOST, FROM, UNTIL, Authority.rsa(1024), "SHA256withECDSA", KeyPurposeId.id_kp_serverAuth));
        onlyCount(reading, "weak");
        assertThat(only(reading).title()).contains("a key of RSA 1024, at least 2048 bits are wanted");
    }

    @Test
    void a_signature_over_sha_1_is_weak() throws Exception {
        Reading reading =
                look(ISSUER.issue(HOST, FROM, UNTIL, Authority.ec(), "SHA1withECDSA", KeyPurposeId.id_kp_serverAuth));
        onlyCount(reading, "weak");
        assertThat(only(reading).title()).contains("signed with SHA1withECDSA");
    }

    @Test
    void strong_keys_and_signatures_are_not_weak_and_short_curves_are() {
        assertThat(Strength.weakness(ISSUER.issue(HOST, FROM, UNTIL).own())).isEmpty();
        assertThat(Strength.weakness(ROOT.certificate())).isEmpty();
        X509Certificate curve = ISSUER.issue(
                        HOST,
                        FROM,
                        UNTIL,
                        Authority.ec("secp192r1", Authority.BOUNCY_CASTLE),
                        "SHA256withECDSA",
                        KeyPurposeId.id_kp_serverAuth)
                .own();
        assertThat(Strength.weakness(curve)).isPresent();
    }

    /** Java itself speaks no such protocol any more: the server is a process whose security settings are other ones. */
    @Test
    void a_server_without_tls_1_2_is_weak() throws Exception {
        Authority.Issued issued =
                ISSUER.issue(HOST, FROM, UNTIL, Authority.rsa(2048), "SHA256withECDSA", KeyPurposeId.id_kp_serverAuth);
        Path store = folder.resolve("old.p12");
        try (OutputStream file = Files.newOutputStream(store)) {
            issued.keyStore().store(file, new char[0]);
        }
        Path settings = Files.writeString(folder.resolve("old.security"), "jdk.tls.disabledAlgorithms=SSLv3\n");
        Process old = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.security.properties=" + settings,
                        "-cp",
                        Path.of(OldTlsServer.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toURI())
                                .toString(),
                        OldTlsServer.class.getName(),
                        store.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var out = old.inputReader()) {
            int port = Integer.parseInt(out.readLine());
            Reading reading = looking.endpoint(port, HOST).trusting(trust).look();
            onlyCount(reading, "weak");
            assertThat(only(reading).title()).contains("speaks no TLS 1.2 or later");
        } finally {
            old.destroyForcibly();
        }
    }

    @Test
    void tls_1_2_is_enough() throws Exception {
        try (TlsServer server = TlsServer.showing(ISSUER.issue(HOST, FROM, UNTIL), "TLSv1.2")) {
            assertThat(looking.endpoint(server.port(), HOST)
                            .trusting(trust)
                            .look()
                            .findings())
                    .isEmpty();
        }
    }

    @Test
    void a_server_that_says_nothing_is_cut_off_and_is_an_error() throws Exception {
        try (TlsServer server = TlsServer.silent()) {
            Reading reading = looking.endpoint(server.port(), HOST)
                    .trusting(trust)
                    .within(Duration.ofMillis(150))
                    .look();
            onlyCount(reading, "errors");
            assertThat(only(reading).rule()).isEqualTo("timed-out");
            await("it is tried once more").until(() -> server.connections() == 2);
        }
    }

    @Test
    void a_server_that_speaks_no_tls_is_an_error() throws Exception {
        try (TlsServer server = TlsServer.talkingHttp()) {
            Reading reading =
                    looking.endpoint(server.port(), HOST).trusting(trust).look();
            onlyCount(reading, "errors");
            assertThat(only(reading).rule()).isEqualTo("handshake-failed");
        }
    }

    @Test
    void a_refused_connection_is_an_error() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        Reading reading = looking.endpoint(port, HOST).trusting(trust).look();
        onlyCount(reading, "errors");
        assertThat(only(reading).rule()).isEqualTo("unreachable");
    }

    @Test
    void an_address_that_operators_do_not_allow_is_not_connected_to() throws Exception {
        try (TlsServer server = TlsServer.showing(ISSUER.issue(HOST, FROM, UNTIL))) {
            Reading reading = looking.endpoint(server.port(), HOST)
                    .trusting(trust)
                    .allowing(List.of("other.example:443"), List.of("127.0.0.0/8", "::1/128"))
                    .look();
            onlyCount(reading, "errors");
            assertThat(only(reading).rule()).isEqualTo("refused-address");
            assertThat(only(reading).title()).contains("do not allow localhost:" + server.port());
            assertThat(server.connections()).isZero();
        }
    }

    /** A name that is allowed does not lead into a network that is not. */
    @Test
    void an_allowed_name_that_leads_inside_is_not_connected_to() throws Exception {
        try (TlsServer server = TlsServer.showing(ISSUER.issue(HOST, FROM, UNTIL))) {
            Reading reading = looking.endpoint(server.port(), HOST)
                    .trusting(trust)
                    .allowing(List.of("localhost:" + server.port()), List.of())
                    .look();
            onlyCount(reading, "errors");
            assertThat(only(reading).rule()).isEqualTo("refused-address");
            assertThat(only(reading).title()).contains("not public");
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void several_endpoints_are_told_apart() throws Exception {
        try (TlsServer good = TlsServer.showing(ISSUER.issue(HOST, FROM, UNTIL));
                TlsServer foreign = TlsServer.showing(ISSUER.issue("other.example", FROM, UNTIL));
                TlsServer broken = TlsServer.talkingHttp()) {
            Reading reading = looking.endpoint(good.port(), HOST)
                    .endpoint(foreign.port(), HOST)
                    .endpoint(broken.port(), HOST)
                    .trusting(trust)
                    .look();
            assertThat(reading.findings())
                    .extracting(Finding::component)
                    .containsExactly("localhost:" + foreign.port(), "localhost:" + broken.port());
            assertThat(reading.summary()).containsEntry("endpoints", 3L);
        }
    }

    @Test
    void roots_that_cannot_be_read_are_no_answer_instead_of_a_wrong_one() {
        looking.endpoint(443, HOST).trusting(folder.resolve("nowhere.pem"));
        assertThatThrownBy(looking::answer)
                .isInstanceOf(SourceUnavailable.class)
                .hasMessage("the file of private roots cannot be read");
    }

    @ParameterizedTest(name = "{0}, {1}, declared {2}")
    @CsvSource({
        "production, critical, false, true",
        "production, , false, true",
        "production, high, false, false",
        "production, standard, true, true",
        "sandbox, critical, true, false",
    })
    void from_the_sandbox_nothing_is_asked_and_of_others_what_they_declare(
            String target, String tier, boolean declared, boolean asked) {
        if (declared) {
            looking.endpoint(443, HOST);
        }
        assertThat(looking.types(target, tier)).isEqualTo(asked ? Set.of("certificate-check") : Set.of());
    }

    @Test
    void a_service_that_declares_nothing_has_no_document() throws Exception {
        assertThat(looking.answer().documents()).isEmpty();
        assertThat(looking.answer().missing())
                .isEqualTo("no approved file declares the endpoints and secrets of checkout");
    }
}
