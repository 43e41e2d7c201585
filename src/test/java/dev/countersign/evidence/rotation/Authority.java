package dev.countersign.evidence.rotation;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Issues certificates for tests, with times of the test's own. */
public final class Authority {
    static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant BEGIN = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("2040-01-01T00:00:00Z");

    private final X509Certificate certificate;
    private final KeyPair keys;
    private final Authority above;

    private Authority(X509Certificate certificate, KeyPair keys, Authority above) {
        this.certificate = certificate;
        this.keys = keys;
        this.above = above;
    }

    public static Authority root(String name) {
        KeyPair keys = ec();
        return new Authority(
                build(name, keys, name, keys, "SHA256withECDSA", BEGIN, END, true, null, null), keys, null);
    }

    Authority intermediate(String name) {
        KeyPair own = ec();
        X509Certificate issued = build(name, own, name(), keys, "SHA256withECDSA", BEGIN, END, true, null, null);
        return new Authority(issued, own, this);
    }

    /** A server's certificate with its key. */
    public record Issued(KeyPair keys, List<X509Certificate> chain) {
        X509Certificate own() {
            return chain.get(0);
        }

        /** Shown without those who issued it. */
        Issued alone() {
            return new Issued(keys, List.of(own()));
        }

        Issued with(List<X509Certificate> other) {
            return new Issued(keys, other);
        }

        public KeyStore keyStore() {
            try {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                store.setKeyEntry("server", keys.getPrivate(), new char[0], chain.toArray(X509Certificate[]::new));
                return store;
            } catch (GeneralSecurityException | IOException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    public Issued issue(String host, Instant from, Instant until) {
        return issue(host, from, until, ec(), "SHA256withECDSA", KeyPurposeId.id_kp_serverAuth);
    }

    Issued issue(String host, Instant from, Instant until, KeyPair own, String algorithm, KeyPurposeId purpose) {
        X509Certificate issued = build(host, own, name(), keys, algorithm, from, until, false, host, purpose);
        var chain = new java.util.ArrayList<>(List.of(issued));
        // As servers do: all but the root.
        for (Authority issuer = this; issuer.above != null; issuer = issuer.above) {
            chain.add(issuer.certificate);
        }
        return new Issued(own, List.copyOf(chain));
    }

    static Issued selfSigned(String host, Instant from, Instant until) {
        KeyPair own = ec();
        X509Certificate issued =
                build(host, own, host, own, "SHA256withECDSA", from, until, false, host, KeyPurposeId.id_kp_serverAuth);
        return new Issued(own, List.of(issued));
    }

    /** Issued with the key of a server, who may issue none. */
    static Issued underAServer(Issued server, String host, Instant from, Instant until) {
        KeyPair own = ec();
        String issuer = server.own().getSubjectX500Principal().getName().substring("CN=".length());
        X509Certificate forged = build(
                host,
                own,
                issuer,
                server.keys(),
                "SHA256withECDSA",
                from,
                until,
                false,
                host,
                KeyPurposeId.id_kp_serverAuth);
        var chain = new java.util.ArrayList<>(List.of(forged));
        chain.addAll(server.chain());
        return new Issued(own, List.copyOf(chain));
    }

    public X509Certificate certificate() {
        return certificate;
    }

    private String name() {
        return certificate.getSubjectX500Principal().getName().substring("CN=".length());
    }

    Path writeTo(Path file) throws IOException {
        return Files.writeString(file, pem(List.of(certificate)));
    }

    static String pem(List<X509Certificate> certificates) {
        StringBuilder pem = new StringBuilder();
        for (X509Certificate one : certificates) {
            try {
                pem.append("-----BEGIN CERTIFICATE-----\n")
                        .append(Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                                .encodeToString(one.getEncoded()))
                        .append("\n-----END CERTIFICATE-----\n");
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        return pem.toString();
    }

    static KeyPair ec() {
        return ec("secp256r1", null);
    }

    static KeyPair ec(String curve, Provider provider) {
        try {
            KeyPairGenerator generator = provider == null
                    ? KeyPairGenerator.getInstance("EC")
                    : KeyPairGenerator.getInstance("EC", provider);
            generator.initialize(new ECGenParameterSpec(curve), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static KeyPair rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits, RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static X509Certificate build(
            String name,
            KeyPair own,
            String issuer,
            KeyPair signing,
            String algorithm,
            Instant from,
            Instant until,
            boolean authority,
            String host,
            KeyPurposeId purpose) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    new X500Principal("CN=" + issuer),
                    new BigInteger(64, RANDOM).setBit(0),
                    Date.from(from),
                    Date.from(until),
                    new X500Principal("CN=" + name),
                    own.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (host != null) {
                int kind = ServerIdentity.isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName;
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(kind, host)));
            }
            if (purpose != null) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm)
                            .setProvider(BOUNCY_CASTLE)
                            .build(signing.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException | IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
