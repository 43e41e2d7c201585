package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Evidence.Finding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/**
 * In-toto statements: bare, in DSSE envelopes, in Sigstore bundles, as npm and Google Cloud Build list them, one or several in a document. Where no key that operators trust has signed each of
 * them, the document shows nothing.
 */
@Component
class IntotoReader implements DocumentReader {
    /** Properties of a root object that tell such a document. */
    static final Set<String> ROOTS =
            Set.of("payloadType", "predicateType", "dsseEnvelope", "attestations", "provenance_summary");

    private static final int MOST_STATEMENTS = 1000;
    private static final int MOST_SUBJECTS = 10_000;
    private static final int MOST_NAMED = 50;

    private final TrustedKeys keys;

    IntotoReader(TrustedKeys keys) {
        this.keys = keys;
    }

    @Override
    public DocumentType type() {
        return DocumentType.INTOTO;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        return read(content, (String) null);
    }

    @Override
    public Reading read(Content content, Base base) throws IOException, Unreadable {
        return read(content, base.service());
    }

    private Reading read(Content content, String service) throws IOException, Unreadable {
        Attestations attestations = new Attestations(keys, service);
        int[] index = new int[1];
        JsonCursor.values(content, json -> {
            String place = json.at() + ", statement " + ++index[0];
            if (!json.isObject()) {
                throw json.fault("not an in-toto statement: the document must be an object");
            }
            attestations.root(json.tree("a statement"), place);
        });
        return attestations.reading();
    }

    private static final class Attestations {
        private final TrustedKeys keys;
        private final String service;
        private final Stated stated = Stated.nothing();
        private final Set<String> signers = new TreeSet<>();
        private final List<Map<String, Object>> signatures = new ArrayList<>();
        private final List<Finding> unverified = new ArrayList<>();
        private long verified;
        private final Set<String> predicates = new TreeSet<>();
        private final Set<String> builders = new TreeSet<>();
        private final OwnTime time = new OwnTime();
        private long statements;
        private long subjects;
        private long signed;

        private Attestations(TrustedKeys keys, String service) {
            this.keys = keys;
            this.service = service;
        }

        private void root(JsonNode root, String place) throws IOException, Unreadable {
            if (root.has("dsseEnvelope")) {
                bundle(root, place);
            } else if (root.has("payloadType") || root.has("payload")) {
                envelope(root, root, place);
            } else if (root.has("_type")) {
                count(
                        statement(root, place),
                        TrustedKeys.bare(),
                        root.toString().getBytes(StandardCharsets.UTF_8),
                        place);
            } else if (root.path("attestations").isArray()) {
                int[] index = new int[1];
                for (JsonNode one : root.path("attestations")) {
                    bundle(one.path("bundle"), place + ", /attestations/" + index[0]++);
                }
            } else if (root.path("provenance_summary").path("provenance").isArray()) {
                int[] index = new int[1];
                for (JsonNode one : root.path("provenance_summary").path("provenance")) {
                    envelope(one.path("envelope"), root, place + ", /provenance_summary/provenance/" + index[0]++);
                }
            } else {
                throw new Unreadable(
                        "not an in-toto statement: it is no statement (_type), envelope (payloadType), bundle (dsseEnvelope) or list of them",
                        place);
            }
        }

        private void bundle(JsonNode bundle, String place) throws IOException, Unreadable {
            if (!bundle.path("dsseEnvelope").isObject()) {
                throw new Unreadable("a bundle has no dsseEnvelope: it signs no statement", place);
            }
            envelope(bundle.path("dsseEnvelope"), bundle, place);
        }

        private void envelope(JsonNode envelope, JsonNode bundle, String place) throws IOException, Unreadable {
            Envelope read = Envelope.of(envelope, bundle, place);
            signed += read.isSigned() ? 1 : 0;
            JsonNode[] statement = new JsonNode[1];
            try {
                JsonCursor.value(
                        () -> new ByteArrayInputStream(read.payload()),
                        json -> statement[0] = json.tree("a statement"));
            } catch (Unreadable fault) {
                throw new Unreadable("the payload: " + fault.getMessage(), place + ", payload, " + fault.place());
            }
            String predicate = statement(statement[0], place);
            count(predicate, keys.signed(read, predicate, service, place), read.payload(), place);
        }

        /** @param statement its bytes: a waiver is for this one, wherever it stands among others */
        private void count(String predicate, TrustedKeys.Signed signed, byte[] statement, String place) {
            if (signatures.size() < MOST_NAMED) {
                signatures.add(Map.of("predicateType", Words.of(predicate), "signedBy", List.copyOf(signed.signers())));
            }
            signers.addAll(signed.signers());
            if (signed.why() == null) {
                verified++;
            } else if (unverified.size() < Reading.MOST_FINDINGS) {
                unverified.add(new Finding(
                        "unverified@" + Digests.brief(statement),
                        "unverified",
                        "%s: %s".formatted(Words.of(predicate), signed.why()),
                        place,
                        List.of("unverified")));
            }
        }

        private String statement(JsonNode statement, String place) throws Unreadable {
            String type = statement.path("_type").asText("");
            if (!type.matches("https://in-toto\\.io/Statement/v(0\\.1|1)")) {
                throw new Unreadable(
                        "the statement's _type is " + (type.isEmpty() ? "missing" : Words.of(type))
                                + ", expected https://in-toto.io/Statement/v1",
                        place);
            }
            if (++statements > MOST_STATEMENTS) {
                throw new Unreadable("more than " + MOST_STATEMENTS + " statements are not read", place);
            }
            String predicate = statement.path("predicateType").asText("");
            if (predicate.isBlank()) {
                throw new Unreadable("the statement has no predicateType", place);
            }
            predicates.add(Words.of(predicate));
            builder(statement.path("predicate"));
            finished(statement.path("predicate"));
            for (JsonNode subject : statement.path("subject")) {
                subject(subject, place);
            }
            return predicate;
        }

        /** SLSA 1 and the versions before it; other predicates tell of no build. */
        private void finished(JsonNode predicate) {
            time.said(CycloneDx.text(predicate.at("/runDetails/metadata"), "finishedOn"));
            time.said(CycloneDx.text(predicate.path("metadata"), "buildFinishedOn"));
        }

        private void builder(JsonNode predicate) {
            String id = predicate
                    .at("/runDetails/builder/id")
                    .asText(predicate.at("/builder/id").asText(""));
            if (!id.isBlank() && builders.size() < 20) {
                builders.add(Words.of(id));
            }
        }

        private void subject(JsonNode subject, String place) throws Unreadable {
            if (++subjects > MOST_SUBJECTS) {
                throw new Unreadable("more than " + MOST_SUBJECTS + " subjects are not read", place);
            }
            JsonNode digests = subject.path("digest");
            if (!digests.isObject() || digests.isEmpty()) {
                throw new Unreadable("a subject has no digest, so it names nothing", place);
            }
            String sha256 = digests.path("sha256").asText("");
            if (sha256.isEmpty()) {
                stated.purl(subject.path("name").asText(""));
                stated.commit(digests.path("gitCommit").asText(""));
            } else if (sha256.matches("[0-9a-f]{64}")) {
                stated.digest("sha256:" + sha256);
            } else {
                throw new Unreadable("a subject's sha256 is no digest of 64 hexadecimal digits", place);
            }
        }

        private String gap() {
            if (subjects == 0) {
                return "it names no subject";
            }
            return unverified.isEmpty()
                    ? null
                    : "%d of %d statements are not signed by a key that counts, the first: %s"
                            .formatted(
                                    statements - verified,
                                    statements,
                                    unverified.get(0).title());
        }

        private Reading reading() {
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("statements", statements);
            summary.put("subjects", subjects);
            summary.put("signed", signed);
            summary.put("verified", verified);
            summary.put("unverified", statements - verified);
            summary.put("signedBy", List.copyOf(signers));
            return new Reading(
                    "in-toto " + String.join(", ", predicates.stream().limit(3).toList()),
                    stated,
                    summary,
                    time.in(Map.of(
                            "predicateTypes", List.copyOf(predicates),
                            "builders", List.copyOf(builders),
                            "signatures", List.copyOf(signatures))),
                    true,
                    time.gap(gap()),
                    unverified);
        }
    }
}
