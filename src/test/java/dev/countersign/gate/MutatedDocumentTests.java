package dev.countersign.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Good files are changed by seeded chance and go through reader and gate: the answer is a verdict or a refusal with a place, and never a pass that the file had not
 * before.
 */
@Tag("M4.1")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MutatedDocumentTests {
    private static final Map<DocumentType, DocumentReader> READERS = Readers.all();
    private static final int CHANGES = 100;
    private static final int RETYPED = 40;
    private static final int DELETED = 80;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final List<JsonNode> OTHERS = List.of(
            JSON.getNodeFactory().textNode("x"),
            JSON.getNodeFactory().numberNode(7),
            JSON.getNodeFactory().booleanNode(true),
            JSON.createObjectNode(),
            JSON.createArrayNode());
    private final GateFixture fixture = new GateFixture();

    private Release release;
    private List<Requirement> gates;
    private final Map<String, GatePolicy.Thresholds> limits = new TreeMap<>();

    @BeforeAll
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
        return Stream.concat(Readers.samples(), Readers.others());
    }

    static Stream<Readers.Pair> contracts() {
        return Readers.contracts();
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
        return Optional.of(judge(type, reading));
    }

    private Map<String, Verdict> judge(DocumentType type, Reading reading) {
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
        return verdicts;
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

    /** What has another type than before is refused, or as grave as it was: a list that is none is no empty list. */
    @ParameterizedTest
    @MethodSource("samples")
    void a_value_of_another_type_never_makes_it_pass(Path file) throws Exception {
        byte[] good = Files.readAllBytes(file);
        if (!file.toString().matches(".*\\.(json|sarif|yaml)")) {
            return;
        }
        JsonNode tree = file.toString().endsWith(".yaml") ? YAML.readTree(good) : JSON.readTree(good);
        DocumentType type = new Detection().typeOf(content(good)).orElseThrow();
        Map<String, Verdict> before = verdicts(type, good, NONE).orElseThrow();
        List<String> pointers = new ArrayList<>();
        pointers(tree, "", pointers);
        Random chance = new Random(20261126);
        List<String> gained = new ArrayList<>();
        for (int i = 0; i < RETYPED && !pointers.isEmpty(); i++) {
            String pointer = pointers.get(chance.nextInt(pointers.size()));
            JsonNode changed = tree.deepCopy();
            JsonNode other = replaced(changed, pointer, chance.nextInt(OTHERS.size()));
            if (other == null || isAnotherRule(file, pointer)) {
                continue;
            }
            verdicts(type, JSON.writeValueAsBytes(changed), NONE)
                    .ifPresent(now -> now.forEach((gate, verdict) -> {
                        if (verdict == Verdict.PASS && before.get(gate) != Verdict.PASS) {
                            gained.add(gate + ": " + pointer + " = " + other);
                        }
                    }));
        }
        assertThat(gained).isEmpty();
    }

    /** What is gone, or null, is refused or as grave as it was: a member that decides must be there. */
    @ParameterizedTest
    @MethodSource("samples")
    void a_member_that_is_gone_or_null_never_makes_it_pass(Path file) throws Exception {
        byte[] good = Files.readAllBytes(file);
        if (!file.toString().matches(".*\\.(json|sarif|yaml)")) {
            return;
        }
        JsonNode tree = file.toString().endsWith(".yaml") ? YAML.readTree(good) : JSON.readTree(good);
        DocumentType type = new Detection().typeOf(content(good)).orElseThrow();
        Map<String, Verdict> before = verdicts(type, good, NONE).orElseThrow();
        List<String> pointers = new ArrayList<>();
        pointers(tree, "", pointers);
        Collections.shuffle(pointers, new Random(20261126));
        List<String> gained = new ArrayList<>();
        for (String pointer : pointers.subList(0, Math.min(DELETED, pointers.size()))) {
            for (boolean isNull : new boolean[] {false, true}) {
                JsonNode changed = tree.deepCopy();
                JsonPointer at = JsonPointer.compile(pointer);
                if (!(changed.at(at.head()) instanceof ObjectNode parent) || mayBeLeftOut(type, pointer)) {
                    continue;
                }
                if (isNull) {
                    parent.putNull(at.last().getMatchingProperty());
                } else {
                    parent.remove(at.last().getMatchingProperty());
                }
                gained(type, JSON.writeValueAsBytes(changed), before, pointer + (isNull ? " null" : " gone"), gained);
            }
        }
        assertThat(gained).isEmpty();
    }

    /** The same in XML. */
    @ParameterizedTest
    @MethodSource("samples")
    void an_element_that_is_gone_never_makes_it_pass(Path file) throws Exception {
        if (!file.toString().endsWith(".xml")) {
            return;
        }
        byte[] good = Files.readAllBytes(file);
        DocumentType type = new Detection().typeOf(content(good)).orElseThrow();
        Map<String, Verdict> before = verdicts(type, good, NONE).orElseThrow();
        List<String> gained = new ArrayList<>();
        int all = elements(parsed(good)).size();
        List<Integer> order = new ArrayList<>(IntStream.range(1, all).boxed().toList());
        Collections.shuffle(order, new Random(20261126));
        for (int index : order.subList(0, Math.min(DELETED, order.size()))) {
            org.w3c.dom.Document tree = parsed(good);
            Element gone = elements(tree).get(index);
            if (isEntryOfAnUncountedList(gone)) {
                continue;
            }
            gone.getParentNode().removeChild(gone);
            ByteArrayOutputStream changed = new ByteArrayOutputStream();
            TransformerFactory.newDefaultInstance()
                    .newTransformer()
                    .transform(new DOMSource(tree), new StreamResult(changed));
            gained(type, changed.toByteArray(), before, gone.getTagName() + " " + index, gained);
        }
        assertThat(gained).isEmpty();
    }

    private void gained(
            DocumentType type, byte[] changed, Map<String, Verdict> before, String what, List<String> gained)
            throws IOException {
        verdicts(type, changed, NONE)
                .ifPresent(now -> now.forEach((gate, verdict) -> {
                    if (verdict == Verdict.PASS && before.get(gate) != Verdict.PASS) {
                        gained.add(gate + ": " + what);
                    }
                }));
    }

    private static org.w3c.dom.Document parsed(byte[] xml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml));
    }

    private static List<Element> elements(org.w3c.dom.Document tree) {
        var all = tree.getElementsByTagName("*");
        return IntStream.range(0, all.getLength())
                .mapToObj(i -> (Element) all.item(i))
                .toList();
    }

    /** Its format says what it means that it is not there: nothing was found, or the usual level. */
    private static boolean mayBeLeftOut(DocumentType type, String pointer) {
        return pointer.matches(
                switch (type) {
                    // A result without a level, or of a rule that is not described, is a warning; invocations are
                    // optional.
                    case SARIF ->
                        ".*/(rules|rules/\\d+/id|extensions|invocations|ruleId|ruleIndex|rule|level|defaultConfiguration|properties|security-severity)";
                    case TRIVY -> ".*/(Vulnerabilities|Secrets|Misconfigurations)";
                    case DEPENDENCY_CHECK -> ".*/vulnerabilities";
                    case CYCLONEDX -> ".*/components/\\d+/components";
                    case DPIA -> "/risks";
                    default -> "none";
                });
    }

    /** A shorter list is another whole document where nothing says how long it is. */
    private static boolean isEntryOfAnUncountedList(Element element) {
        if (element.getTagName().matches("(.*:)?vulnerability")
                || (element.getTagName().equals("vulnerabilities")
                        && element.getParentNode().getNodeName().equals("dependency"))) {
            return true;
        }
        boolean counted = false;
        for (Node at = element.getParentNode(); at instanceof Element around; at = at.getParentNode()) {
            counted |= around.hasAttribute("failures") || around.hasAttribute("errors");
        }
        return !counted && element.getTagName().matches("testsuite|testcase|failure|error");
    }

    private static void pointers(JsonNode node, String at, List<String> all) {
        node.properties().forEach(member -> {
            String pointer = at + "/" + member.getKey().replace("~", "~0").replace("/", "~1");
            all.add(pointer);
            pointers(member.getValue(), pointer, all);
        });
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                all.add(at + "/" + i);
                pointers(node.get(i), at + "/" + i, all);
            }
        }
    }

    /** Null where it has that type already. */
    private static JsonNode replaced(JsonNode tree, String pointer, int kind) {
        JsonNode other = OTHERS.get(kind);
        JsonPointer at = JsonPointer.compile(pointer);
        if (tree.at(at).getNodeType() == other.getNodeType()) {
            return null;
        }
        JsonNode parent = tree.at(at.head());
        if (parent instanceof ObjectNode object) {
            object.set(at.last().getMatchingProperty(), other);
        } else {
            ((ArrayNode) parent).set(at.last().getMatchingIndex(), other);
        }
        return other;
    }

    /** In a log of SARIF, where the rule is none that is described, the result is a warning. */
    private static boolean isAnotherRule(Path file, String pointer) {
        return file.toString().endsWith(".sarif") && pointer.matches(".*/rules/\\d+(/id)?");
    }

    /** Both the contract and the one before it are a stranger's. */
    @ParameterizedTest
    @MethodSource("contracts")
    void a_changed_contract_never_passes_where_it_did_not_before(Readers.Pair pair) throws Exception {
        byte[] before = Files.readAllBytes(pair.before());
        byte[] after = Files.readAllBytes(pair.after());
        DocumentType type = new Detection().typeOf(content(after)).orElseThrow();
        Map<String, Verdict> verdicts =
                verdicts(type, after, Readers.before(before)).orElseThrow();
        List<String> gained = new ArrayList<>();
        Random chance = new Random(20261126);
        for (int i = 0; i < CHANGES; i++) {
            boolean old = chance.nextBoolean();
            byte[] changed = change(old ? before : after, chance);
            if (isAnotherWholeDocument(pair.after(), old ? before : after, changed)) {
                continue;
            }
            verdicts(type, old ? after : changed, Readers.before(old ? changed : before))
                    .ifPresent(now -> now.forEach((gate, verdict) -> {
                        if (verdict == Verdict.PASS && verdicts.get(gate) != Verdict.PASS) {
                            gained.add(difference(old ? before : after, changed));
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
