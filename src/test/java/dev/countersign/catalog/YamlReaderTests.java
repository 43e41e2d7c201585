package dev.countersign.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.countersign.catalog.Catalog.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M8.3")
class YamlReaderTests {

    private static List<YamlDocument> read(String text) {
        return YamlReader.read(Texts.file("a.yaml", text));
    }

    private static Problem problemOf(byte[] content) {
        BrokenFile broken =
                catchThrowableOfType(BrokenFile.class, () -> YamlReader.read(new SourceFile("a.yaml", content)));
        assertThat(broken).as("the file is refused").isNotNull();
        return broken.problem();
    }

    private static Problem problemOf(String text) {
        return problemOf(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_file_may_hold_several_documents_and_empty_ones_count_for_nothing() {
        assertThat(read("---\na: 1\n---\n---\n# nothing\n---\nb: 2\n...\n")).hasSize(2);
        assertThat(read("")).isEmpty();
        assertThat(read("# only a comment")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "on", "y", "2022-01-01", "1:30", "0x1F", "1.2.3", "1_000"})
    void what_is_no_value_in_the_core_schema_of_yaml_1_2_is_text(String text) {
        YamlDocument document = read("owner: " + text).get(0);
        assertThat(document.content().get("owner").isTextual()).isTrue();
        assertThat(document.text("/owner")).isEqualTo(text);
    }

    @Test
    void a_byte_order_mark_and_windows_line_ends_do_not_matter() {
        YamlDocument document = read("\uFEFFa: 1\r\nb:\r\n  c: text\r\n").get(0);
        assertThat(document.text("/a")).isEqualTo("1");
        assertThat(document.text("/b/c")).isEqualTo("text");
        assertThat(document.place("/b/c")).isEqualTo(new Place(3, 3));
    }

    @Test
    void a_tab_as_indentation_is_refused_with_its_place() {
        Problem problem = problemOf("metadata:\n\tname: checkout\n");
        assertThat(problem.line()).isEqualTo(2);
        assertThat(problem.column()).isEqualTo(1);
        assertThat(problem.message()).contains("This is not YAML");
    }

    @Test
    void a_key_that_is_there_twice_is_refused_where_it_is_repeated() {
        Problem problem = problemOf("spec:\n  owner: a\n  type: b\n  owner: c\n");
        assertThat(problem.line()).isEqualTo(4);
        assertThat(problem.column()).isEqualTo(3);
        assertThat(problem.message()).contains("`owner`").contains("twice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: !!java.net.URL [http://example.com] | 1",
                "a: !!javax.script.ScriptEngineManager [] | 1",
                "a: !mine x | 1",
                "a: !!binary aGVsbG8= | 1",
                "!!set {a, b} | 1"
            })
    void a_tag_never_makes_a_type(String text, int line) {
        Problem problem = problemOf(text);
        assertThat(problem.message()).contains("tag");
        assertThat(problem.line()).isEqualTo(line);
    }

    @Test
    @Timeout(10)
    void aliases_that_would_grow_without_bound_are_refused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            String before = "*a" + (i - 1);
            bomb.append("a").append(i).append(": &a").append(i).append(" [");
            bomb.append(String.join(", ", List.of(before, before, before, before, before)))
                    .append("]\n");
        }
        assertThat(problemOf(bomb.toString()).message()).contains("values once aliases are followed");
    }

    @Test
    void more_than_fifty_aliases_of_collections_are_refused() {
        String text = "a: &a [x]\nb: [" + "*a, ".repeat(51) + "x]\n";
        assertThat(problemOf(text).message()).contains("aliases");
        assertThat(read("a: &a [x]\nb: [" + "*a, ".repeat(50) + "x]\n")).hasSize(1);
    }

    @Test
    void a_structure_that_contains_itself_is_refused() {
        assertThat(problemOf("a: &a\n  b: *a\n").message()).contains("refer to themselves");
    }

    @Test
    @Timeout(10)
    void deep_nesting_is_refused() {
        assertThat(problemOf("[".repeat(20_000)).message()).containsIgnoringCase("nest");
        assertThat(read("[".repeat(40) + "]".repeat(40))).hasSize(1);
    }

    @Test
    void a_file_over_the_limit_is_not_read() {
        assertThat(problemOf(new byte[YamlReader.MAX_BYTES + 1]).message()).contains("bytes");
    }

    @Test
    void what_is_not_utf8_is_refused_with_its_place() {
        byte[] latin = "a: 1\nname: Gr\u00fc\u00dfe\n".getBytes(StandardCharsets.ISO_8859_1);
        Problem problem = problemOf(latin);
        assertThat(problem.message()).contains("UTF-8");
        assertThat(problem.line()).isEqualTo(2);
        assertThat(problem.column()).isEqualTo(9);
    }

    @Test
    void a_control_character_is_refused_with_its_place() {
        Problem problem = problemOf("a: 1\nb: x\u0000y\n");
        assertThat(problem.message()).contains("U+0000");
        assertThat(problem.line()).isEqualTo(2);
        assertThat(problem.column()).isEqualTo(5);
    }

    @Test
    @Timeout(10)
    void a_number_that_would_need_gigabytes_is_refused() {
        assertThat(problemOf("a: 1e999999999").message()).contains("number");
        assertThat(problemOf("a: " + "9".repeat(100_000)).message()).contains("number");
        assertThat(read("a: 1e3").get(0).content().get("a").asInt()).isEqualTo(1000);
        assertThat(read("a: 9223372036854775808").get(0).text("/a")).isEqualTo("9223372036854775808");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a: [1, 2", "a: 'x", "a: b: c", "%TAG x", "a: *nowhere", "- a\nb: c", "? [a]\n: b", "<<: {a: 1}"
            })
    void what_is_no_plain_data_is_refused_with_a_line(String text) {
        assertThat(problemOf(text).line()).isNotNull();
    }
}
