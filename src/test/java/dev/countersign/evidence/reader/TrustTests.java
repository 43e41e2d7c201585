package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who has signed a statement, by the keys that operators name. */
@Tag("M4.1")
class TrustTests {
    private static final String TYPE = "application/vnd.in-toto+json";
    private static final String SLSA = "https://slsa.dev/provenance/v1";
    private static final String STATEMENT = "{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":\"" + SLSA
            + "\",\"subject\":[{\"name\":\"checkout\",\"digest\":{\"sha256\":\"" + "a".repeat(64) + "\"}}]}";

    @TempDir
    Path folder;

    private final List<TrustProperties.Key> trusted = new ArrayList<>();

    enum Kind {
        ED25519("Ed25519", null, "Ed25519"),
        ECDSA("EC", new ECGenParameterSpec("secp256r1"), "SHA256withECDSA"),
        ECDSA_PLAIN("EC", new ECGenParameterSpec("secp256r1"), "SHA256withECDSAinP1363Format"),
        RSA("RSA", null, "SHA256withRSA"),
        RSA_PSS("RSA", null, "RSASSA-PSS");

        private final String algorithm;
        private final ECGenParameterSpec curve;
        private final String signature;

        Kind(String algorithm, ECGenParameterSpec curve, String signature) {
            this.algorithm = algorithm;
            this.curve = curve;
            this.signature = signature;
        }

        KeyPair pair() throws Exception {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (curve != null) {
                generator.initialize(curve);
            }
            return generator.generateKeyPair();
        }

        String sign(KeyPair pair, byte[] bytes) throws Exception {
            Signature signer = Signature.getInstance(signature);
            if (this == RSA_PSS) {
                signer.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signer.initSign(pair.getPrivate());
            signer.update(bytes);
            return Base64.getEncoder().encodeToString(signer.sign());
        }
    }

    private Path pem(String name, byte[] encoded) throws IOException {
        return Files.writeString(
                folder.resolve(name + ".pem"),
                "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(encoded)
                        + "\n-----END PUBLIC KEY-----\n");
    }

    private void trust(String name, KeyPair pair, String keyId, List<String> predicates, List<String> services)
            throws IOException {
        trusted.add(
                new TrustProperties.Key(name, pem(name, pair.getPublic().getEncoded()), keyId, predicates, services));
    }

    private void trust(String name, KeyPair pair) throws IOException {
        trust(name, pair, null, null, null);
    }

    private static String signature(String keyId, String sig) {
        return "{\"keyid\":\"" + keyId + "\",\"sig\":\"" + sig + "\"}";
    }

    private static String envelope(String statement, String... signatures) {
        return "{\"payloadType\":\"" + TYPE + "\",\"payload\":\""
                + Base64.getEncoder().encodeToString(statement.getBytes(StandardCharsets.UTF_8)) + "\",\"signatures\":["
                + String.join(",", signatures) + "]}";
    }

    private static byte[] signed(String statement) {
        return Envelope.encoded(TYPE, statement.getBytes(StandardCharsets.UTF_8));
    }

    private Reading read(String document) throws Exception {
        return read(document, "checkout");
    }

    private Reading read(String document, String service) throws Exception {
        var reader = new IntotoReader(new TrustedKeys(new TrustProperties(trusted)));
        return reader.read(() -> new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)), new Base() {
            @Override
            public Earlier of(String producer) {
                return null;
            }

            @Override
            public String service() {
                return service;
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void what_a_trusted_key_signed_counts_and_says_who_signed(Kind kind) throws Exception {
        KeyPair pair = kind.pair();
        trust("build", pair);
        Reading reading = read(envelope(STATEMENT, signature("", kind.sign(pair, signed(STATEMENT)))));
        assertThat(reading.gap()).isNull();
        assertThat(reading.summary())
                .containsEntry("signedBy", List.of("build"))
                .containsEntry("verified", 1L)
                .containsEntry("unverified", 0L);
        assertThat(reading.stated().digests()).containsExactly("sha256:" + "a".repeat(64));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_changed_payload_does_not_count_and_is_refused_where_the_signature_names_the_key(Kind kind) throws Exception {
        KeyPair pair = kind.pair();
        trust("build", pair, "build-key", null, null);
        String sig = kind.sign(pair, signed(STATEMENT));
        String changed = STATEMENT.replace("aaaa", "bbbb");
        assertThat(read(envelope(changed, signature("", sig))).gap()).contains("no trusted key fits its signature");
        assertThatThrownBy(() -> read("\n" + envelope(changed, signature("build-key", sig))))
                .isInstanceOfSatisfying(Unreadable.class, fault -> {
                    assertThat(fault.getMessage()).contains("names the key build", "does not fit the payload");
                    assertThat(fault.place()).contains("line 2").contains("statement 1");
                });
    }

    /** From the protocol's description in secure-systems-lab/dsse. */
    @Test
    void the_example_of_the_specification_is_verified() throws Exception {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECPublicKey key = (ECPublicKey) KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(
                        new ECPoint(
                                new BigInteger(
                                        "46950820868899156662930047687818585632848591499744589407958293238635476079160"),
                                new BigInteger(
                                        "5640078356564379163099075877009565129882514886557779369047442380624545832820")),
                        curve.getParameterSpec(ECParameterSpec.class)));
        TrustedKey trusted =
                TrustedKey.of(new TrustProperties.Key("example", pem("example", key.getEncoded()), null, null, null));
        byte[] encoded =
                Envelope.encoded("http://example.com/HelloWorld", "hello world".getBytes(StandardCharsets.UTF_8));
        assertThat(encoded).asString().isEqualTo("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
        byte[] sig = Base64.getDecoder()
                .decode("A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==");
        assertThat(trusted.verifies(encoded, sig)).isTrue();
        encoded[encoded.length - 1]++;
        assertThat(trusted.verifies(encoded, sig)).isFalse();
    }

    @Test
    void what_is_not_signed_or_signed_by_a_stranger_shows_nothing_and_says_why() throws Exception {
        assertThat(read(STATEMENT).gap()).contains("it is not signed");
        assertThat(read(envelope(STATEMENT)).gap()).contains("it is not signed");
        KeyPair stranger = Kind.ED25519.pair();
        String sent = envelope(STATEMENT, signature("stranger", Kind.ED25519.sign(stranger, signed(STATEMENT))));
        assertThat(read(sent).gap()).contains("no trusted key is configured");
        trust("build", Kind.ED25519.pair());
        Reading reading = read(sent);
        assertThat(reading.gap()).contains("no trusted key fits its signature");
        assertThat(reading.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.place()).startsWith("line 1");
            assertThat(finding.counts()).containsExactly("unverified");
        });
    }

    @Test
    void one_statement_without_a_signature_that_counts_is_enough_for_nothing() throws Exception {
        KeyPair pair = Kind.ED25519.pair();
        trust("build", pair);
        String good = envelope(STATEMENT, signature("", Kind.ED25519.sign(pair, signed(STATEMENT))));
        assertThat(read(good + "\n" + good).gap()).isNull();
        Reading mixed = read(good + "\n" + STATEMENT);
        assertThat(mixed.gap()).contains("1 of 2 statements");
        assertThat(mixed.findings().get(0).place()).startsWith("line 2");
    }

    @Test
    void a_key_id_is_a_hint_only() throws Exception {
        KeyPair old = Kind.ED25519.pair();
        KeyPair next = Kind.ED25519.pair();
        trust("build-2025", old, "build", null, null);
        trust("build-2026", next, "build", null, null);
        for (KeyPair pair : List.of(old, next)) {
            String sig = Kind.ED25519.sign(pair, signed(STATEMENT));
            assertThat(read(envelope(STATEMENT, signature("build", sig))).gap()).isNull();
            assertThat(read(envelope(STATEMENT, signature("another", sig))).gap())
                    .isNull();
        }
        String stranger = Kind.ED25519.sign(Kind.ED25519.pair(), signed(STATEMENT));
        String known = Kind.ED25519.sign(next, signed(STATEMENT));
        Reading both = read(envelope(STATEMENT, signature("x", stranger), signature("y", known)));
        assertThat(both.summary()).containsEntry("signedBy", List.of("build-2026"));
    }

    @ParameterizedTest(name = "a key for {0} of {1}: {2} of {3} counts: {4}")
    @CsvSource({
        "https://slsa.dev/provenance/v1, checkout, checkout, true",
        "https://slsa.dev/provenance/*, checkout, checkout, true",
        "https://slsa.dev/verification_summary/v1, checkout, checkout, false",
        "https://slsa.dev/provenance/v, checkout, checkout, false",
        ", checkout, payments, false",
        ", checkout, , false",
        ", , payments, true",
        "https://slsa.dev/*, , , true",
    })
    void a_key_counts_for_what_it_is_named_for(String predicate, String service, String sentTo, boolean counts)
            throws Exception {
        KeyPair pair = Kind.ED25519.pair();
        trust(
                "build",
                pair,
                null,
                predicate == null ? null : List.of(predicate),
                service == null ? null : List.of(service));
        Reading reading = read(envelope(STATEMENT, signature("", Kind.ED25519.sign(pair, signed(STATEMENT)))), sentTo);
        if (counts) {
            assertThat(reading.gap()).isNull();
        } else {
            assertThat(reading.gap()).contains("build signed it, which does not count for " + SLSA);
            assertThat(reading.summary()).containsEntry("signedBy", List.of());
        }
    }

    @Test
    void a_file_without_a_key_that_can_be_trusted_stops_the_start() throws Exception {
        KeyPairGenerator small = KeyPairGenerator.getInstance("RSA");
        small.initialize(1024);
        KeyPairGenerator other = KeyPairGenerator.getInstance("EC");
        other.initialize(new ECGenParameterSpec("secp384r1"));
        refused(pem("small", small.generateKeyPair().getPublic().getEncoded()), "shorter than 2048 bits");
        refused(pem("other", other.generateKeyPair().getPublic().getEncoded()), "another curve than P-256");
        refused(pem("none", "no key at all".getBytes(StandardCharsets.UTF_8)), "neither Ed25519 nor");
        refused(Files.writeString(folder.resolve("text"), "hello"), "must hold one public key");
        refused(folder.resolve("missing"), "cannot be read");
        Path twice = pem("twice", Kind.ED25519.pair().getPublic().getEncoded());
        refused(Files.writeString(twice, Files.readString(twice).repeat(2)), "more than one key");
        refused(
                Files.writeString(folder.resolve("private"), Files.readString(twice) + "-----BEGIN PRIVATE KEY-----"),
                "no private one");
    }

    private static void refused(Path file, String why) {
        assertThatThrownBy(() -> TrustedKey.of(new TrustProperties.Key("build", file, null, null, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why)
                .hasMessageContaining(file.toString());
    }
}
