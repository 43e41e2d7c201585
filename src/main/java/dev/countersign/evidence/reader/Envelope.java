package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A DSSE envelope (secure-systems-lab/dsse). Where it brings a certificate or an entry of a transparency log, both must fit the payload: that shows that nothing was changed since, not who signed. Who signed say
 * {@link TrustedKeys}.
 */
record Envelope(byte[] payload, List<Signed> signatures) {
    private static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
    /** Each is held against each trusted key. */
    private static final int MOST_SIGNATURES = 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param keyId what the signer calls the key; empty where it says nothing */
    record Signed(String keyId, byte[] bytes) {}

    boolean isSigned() {
        return !signatures.isEmpty();
    }

    /** What is signed: the type and the payload with their lengths (DSSE's pre-authentication encoding). */
    byte[] encoded() {
        return encoded(PAYLOAD_TYPE, payload);
    }

    static byte[] encoded(String type, byte[] payload) {
        byte[] head = "DSSEv1 %d %s %d "
                .formatted(type.getBytes(StandardCharsets.UTF_8).length, type, payload.length)
                .getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(head, head.length + payload.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }

    static Envelope of(JsonNode envelope, JsonNode bundle, String place) throws Unreadable {
        String type = envelope.path("payloadType").asText("");
        if (!type.equals(PAYLOAD_TYPE)) {
            throw new Unreadable(
                    "the envelope's payloadType is " + (type.isEmpty() ? "missing" : Words.of(type)) + ", expected "
                            + PAYLOAD_TYPE,
                    place);
        }
        if (!envelope.path("payload").isTextual()) {
            throw new Unreadable("the envelope has no payload", place);
        }
        byte[] payload = decode(envelope.path("payload").asText(), place);
        List<Signed> signatures = new ArrayList<>();
        for (JsonNode signature : envelope.path("signatures")) {
            byte[] sig = decode(signature.path("sig").asText(""), place);
            if (sig.length > 0 && signatures.size() >= MOST_SIGNATURES) {
                throw new Unreadable("more than " + MOST_SIGNATURES + " signatures are not read", place);
            } else if (sig.length > 0) {
                signatures.add(new Signed(signature.path("keyid").asText(""), sig));
            }
            X509Certificate certificate = certificate(signature, bundle, place);
            if (certificate != null && !fits(certificate, sig, type, payload)) {
                throw new Unreadable("a signature does not fit the payload", place);
            }
        }
        for (JsonNode entry : bundle.path("verificationMaterial").path("tlogEntries")) {
            logged(entry, payload, place);
        }
        return new Envelope(payload, List.copyOf(signatures));
    }

    private static byte[] decode(String base64, String place) throws Unreadable {
        try {
            return Base64.getDecoder()
                    .decode(base64.replace('-', '+').replace('_', '/').replaceAll("\\s", ""));
        } catch (IllegalArgumentException broken) {
            throw new Unreadable("the envelope is not in base64: " + Words.of(broken.getMessage()), place);
        }
    }

    private static X509Certificate certificate(JsonNode signature, JsonNode bundle, String place) throws Unreadable {
        JsonNode material = bundle.path("verificationMaterial");
        String raw = material.path("certificate")
                .path("rawBytes")
                .asText(material.at("/x509CertificateChain/certificates/0/rawBytes")
                        .asText(""));
        String pem = signature.path("cert").asText("");
        if (raw.isEmpty() && pem.isEmpty()) {
            return null;
        }
        byte[] bytes = raw.isEmpty() ? pem.getBytes(StandardCharsets.UTF_8) : decode(raw, place);
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
        } catch (GeneralSecurityException broken) {
            throw new Unreadable("the certificate beside a signature cannot be read", place);
        }
    }

    private static boolean fits(X509Certificate certificate, byte[] sig, String type, byte[] payload) {
        String algorithm = certificate.getPublicKey().getAlgorithm();
        try {
            Signature check = Signature.getInstance(
                    switch (algorithm) {
                        case "EC" -> "SHA256withECDSA";
                        case "RSA" -> "SHA256withRSA";
                        default -> algorithm;
                    });
            check.initVerify(certificate.getPublicKey());
            check.update(encoded(type, payload));
            return check.verify(sig);
        } catch (GeneralSecurityException unfit) {
            return false;
        }
    }

    private static void logged(JsonNode entry, byte[] payload, String place) throws Unreadable {
        String body = entry.path("canonicalizedBody").asText("");
        if (body.isEmpty()) {
            return;
        }
        JsonNode logged;
        try {
            logged = JSON.readTree(decode(body, place));
        } catch (IOException broken) {
            throw new Unreadable("the entry of the transparency log cannot be read", place);
        }
        JsonNode spec = logged.path("spec");
        String hash = spec.at("/payloadHash/value")
                .asText(spec.at("/content/payloadHash/value").asText(""));
        if (!hash.isEmpty() && !hash.equalsIgnoreCase(sha256(payload))) {
            throw new Unreadable("the entry of the transparency log is for another payload", place);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
