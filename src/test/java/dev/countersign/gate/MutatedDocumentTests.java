package dev.countersign.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.reader.Base;
import dev.countersign.evidence.reader.Content;
import dev.countersign.evidence.reader.Detection;
import dev.countersign.evidence.reader.DocumentReader;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Readers;
import dev.countersign.evidence.reader.Reading;
import dev.countersign.evidence.reader.Unreadable;
import dev.countersign.release.Release;
import dev.countersign.release.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Good files are changed by seeded chance and go through reader and gate: the answer is a verdict or a refusal with a place, and never a pass that the file had not
 * before.
 */
@Tag("M4.1")
class MutatedDocumentTests {
    private static final Map<DocumentType, DocumentReader> READERS = Readers.all();
    private static final int CHANGES = 120;
    private final GateFixture fixture = new GateFixture();
    private Release release;
    private List<Requirement> gates;
    private final Map<String, GatePolicy.Thresholds> limits = new TreeMap<>();

    @BeforeEach
    void production() {
        fixture.target("production");
        release = fixture.release(
                "critical",
                "standard",
                Map.of(
                        "externalEndpoints",
                        true,
                        "personalData",
                        true,
                        "databaseMigration",
                        true,
                        "infrastructure",
                        true,
                        "apiContract",
                        true));
        gates = fixture.policy.requirements(release);
        gates.forEach(gate -> limits.put(gate.gate(), fixture.policy.thresholds(release, gate.gate())));
    }

    static Stream<Path> samples() {
        return Readers.samples();
    }

    private static Content content(byte[] bytes) {
        return () -> new ByteArrayInputStream(bytes);
    }

    private static final Base NONE = producer -> null;

    /** By gate; empty where the document is refused. */
    private Optional<Map<String, Verdict>> verdicts(DocumentType type, byte[] bytes, Base base) throws IOException {
        Reading reading;
        try {
            new Detection().typeOf(content(bytes));
            reading = READERS.get(type).read(content(bytes), base);
        } catch (Unreadable fault) {
            assertThat(fault.place()).isNotBlank();
            return Optional.empty();
        }
        Document document = fixture.withDetails(
                fixture.document(
                        type.id(), "source", reading.summary(), reading.complete(), reading.gap(), reading.findings()),
                reading.details());
        Map<String, Verdict> verdicts = new TreeMap<>();
        for (Requirement gate : gates) {
            if (gate.isApplicable() && gate.types().contains(type.id())) {
                verdicts.put(
                        gate.gate(),
                        GateJudge.judge(
                                        gate,
                                        fixture.evaluation.assessed(release, gate, List.of(document)),
                                        limits.get(gate.gate()),
                                        Set.of(),
                                        List.of(),
                                        fixture.clock.instant())
                                .verdict());
            }
        }
        return Optional.of(verdicts);
    }

    /** One byte is another one, one is left out, or the rest is gone. */
    private static byte[] change(byte[] good, Random chance) {
        int at = chance.nextInt(good.length);
        switch (chance.nextInt(8)) {
            case 0 -> {
                return Arrays.copyOf(good, at);
            }
            case 1 -> {
                int until = Math.min(good.length, at + 1);
                byte[] less = Arrays.copyOf(good, good.length - (until - at));
                System.arraycopy(good, until, less, at, good.length - until);
                return less;
            }
            default -> {
                byte[] changed = good.clone();
                changed[at] = (byte) (chance.nextInt(4) == 0 ? chance.nextInt(256) : 'a' + chance.nextInt(26));
                return changed;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void a_changed_file_never_passes_where_it_did_not_before(Path file) throws Exception {
        byte[] good = Files.readAllBytes(file);
        DocumentType type = new Detection().typeOf(content(good)).orElseThrow();
        Map<String, Verdict> before = verdicts(type, good, NONE).orElseThrow();
        List<String> gained = new ArrayList<>();
        Random chance = new Random(20261124);
        for (int i = 0; i < CHANGES; i++) {
            byte[] changed = change(good, chance);
            if (isAnotherWholeDocument(file, good, changed)) {
                continue;
            }
            verdicts(type, changed, NONE)
                    .ifPresent(now -> now.forEach((gate, verdict) -> {
                        if (verdict == Verdict.PASS && before.get(gate) != Verdict.PASS) {
                            gained.add(difference(good, changed));
                        }
                    }));
        }
        assertThat(gained).isEmpty();
    }

    /**
     * YAML has no end: what is cut off between two lines is a shorter document, and nothing in it can tell. A rule of SARIF with another id is another rule; a result that names a rule which the
     * log does not describe is a warning (SARIF 2.1.0, 3.27.10).
     */
    private static boolean isAnotherWholeDocument(Path file, byte[] good, byte[] changed) {
        int at = Math.max(0, Arrays.mismatch(good, changed));
        boolean cutOff = at == changed.length;
        String before = new String(good, Math.max(0, at - 9), Math.min(at, 9), StandardCharsets.UTF_8);
        return (cutOff && file.toString().endsWith(".yaml"))
                || (file.toString().endsWith(".sarif") && before.matches("(?s).*\"id\": ?\""));
    }

    private static String difference(byte[] good, byte[] changed) {
        int at = Arrays.mismatch(good, changed);
        return new String(
                        good,
                        Math.max(0, at - 25),
                        Math.min(50, good.length - Math.max(0, at - 25)),
                        StandardCharsets.UTF_8)
                + " -> "
                + new String(
                        changed,
                        Math.max(0, at - 25),
                        Math.min(50, changed.length - Math.max(0, at - 25)),
                        StandardCharsets.UTF_8);
    }
}
