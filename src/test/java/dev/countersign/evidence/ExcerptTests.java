package dev.countersign.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.evidence.Excerpt.Line;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shown of a document, however long it and its lines are. */
@Tag("M4.5")
class ExcerptTests {
    private static Excerpt of(byte[] document, long line, Integer column, Long from) throws IOException {
        return Excerpt.of(new ByteArrayInputStream(document), line, column, from);
    }

    private static byte[] numbered(int lines, String end) {
        return IntStream.rangeClosed(1, lines)
                .mapToObj(number -> "row " + number)
                .collect(Collectors.joining(end))
                .getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void lines_end_as_parsers_let_them_end(String end) throws Exception {
        Excerpt excerpt = of(numbered(100, end), 42, null, null);
        assertThat(excerpt.from()).isEqualTo(27);
        assertThat(excerpt.lines()).hasSize(Excerpt.LINES);
        assertThat(excerpt.lines().stream().filter(Line::asked))
                .singleElement()
                .satisfies(line -> assertThat(line.text()).isEqualTo("row 42"));
        assertThat(excerpt.more()).isTrue();
    }

    @ParameterizedTest(name = "from line {0} of 100: {1} to {2}")
    @CsvSource({"1, 1, 60, true", "41, 41, 100, false", "42, 42, 100, false", "100, 100, 100, false", "-5, 1, 60, true"
    })
    void it_is_turned_page_by_page(long from, long first, long last, boolean more) throws Exception {
        Excerpt excerpt = of(numbered(100, "\n"), 3, null, from);
        assertThat(excerpt.lines().get(0).number()).isEqualTo(first);
        assertThat(excerpt.last()).isEqualTo(last);
        assertThat(excerpt.more()).isEqualTo(more);
    }

    @Test
    void a_line_that_is_not_there_shows_nothing() throws Exception {
        assertThat(of(numbered(3, "\n"), 500, null, null).lines()).isEmpty();
        assertThat(of(new byte[0], 1, null, null).lines()).isEmpty();
    }

    @Test
    void of_a_long_line_the_part_around_the_column_is_shown() throws Exception {
        String line = "{\"a\":\"" + "x".repeat(1_000_000) + "\",\"b\":{\"rule\":\"here\"},\"c\":\""
                + "y".repeat(1_000_000) + "\"}";
        int column = line.indexOf("{\"rule") + 1;
        Line shown = of(line.getBytes(StandardCharsets.UTF_8), 1, column, null)
                .lines()
                .get(0);
        assertThat(shown.text()).isEqualTo("{\"rule\":\"here\"}");
        assertThat(shown.after()).startsWith(",\"c\":").hasSizeLessThan(1000);
        assertThat(shown.before()).endsWith("\"b\":").hasSizeLessThan(1000);
        assertThat(shown.begins()).isFalse();
        assertThat(shown.ends()).isFalse();
    }

    /** Jackson counts bytes in UTF-8. */
    @Test
    void columns_of_json_in_utf_8_are_bytes() throws Exception {
        String line = "{\"a\":\"" + "ü€😀".repeat(100) + "\",\"b\":1}";
        int bytes = line.substring(0, line.indexOf("\"b\"")).getBytes(StandardCharsets.UTF_8).length + 1;
        assertThat(of(line.getBytes(StandardCharsets.UTF_8), 1, bytes, null)
                        .lines()
                        .get(0)
                        .text())
                .isEqualTo("\"b\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void encodings_are_told_with_and_without_a_mark(String charset) throws Exception {
        for (String mark : new String[] {"", "\uFEFF"}) {
            byte[] document = (mark + "{\"name\":\n \"größe\"}").getBytes(Charset.forName(charset));
            assertThat(of(document, 2, null, null).lines())
                    .extracting(Line::text)
                    .containsExactly("{\"name\":", " \"größe\"}");
        }
    }

    @Test
    void the_encoding_of_xml_is_the_one_it_declares() throws Exception {
        String xml = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<a n=\"größe\"/>";
        assertThat(of(xml.getBytes(StandardCharsets.ISO_8859_1), 2, null, null)
                        .lines()
                        .get(1)
                        .text())
                .isEqualTo("<a n=\"größe\"/>");
    }

    @Test
    void what_hides_or_turns_text_is_made_visible() throws Exception {
        byte[] document = "ab\u0000\u202Ec\u001Bd\te".getBytes(StandardCharsets.UTF_8);
        assertThat(of(document, 1, null, null).lines().get(0).text()).isEqualTo("ab\uFFFD\uFFFDc\uFFFDd\te");
        assertThat(of(new byte[] {'a', (byte) 0xFF, 'b'}, 1, null, null)
                        .lines()
                        .get(0)
                        .text())
                .isEqualTo("a\uFFFDb");
    }

    @ParameterizedTest(name = "{0}: {2} lines from line {1}")
    @CsvSource({
        "'{\n\"a\": [\n{\n\"b\": \"}\"\n},\n{}\n]\n}', 3, 3",
        "'{\n\"a\": [\n{\n\"b\": \"}\"\n},\n{}\n]\n}', 4, 1",
        "'{\n\"a\": [\n{\n\"b\": \"}\"\n},\n{}\n]\n}', 2, 6",
        "'<a>\n<b\n c=\">\"\n d=\"e\"><!-- </b> -->\n<![CDATA[</b>]]>\n</b>\n</a>', 2, 5",
        "'a:\n  - b: 1\n    c: 2\n\n  - b: 3\n', 2, 2",
        "'a:\n  b:\n    c: 2\nd: 1\n', 1, 3",
        "'a:\n  b:\n    c: 2\nd: 1\n', 4, 1",
    })
    void what_begins_in_a_line_is_marked_to_its_end(String document, long line, long marked) throws Exception {
        Excerpt excerpt = of(document.getBytes(StandardCharsets.UTF_8), line, null, null);
        assertThat(excerpt.lines().stream().filter(Line::wanted).count()).isEqualTo(marked);
        assertThat(excerpt.lines().stream().filter(Line::asked).count()).isEqualTo(1);
    }
}
