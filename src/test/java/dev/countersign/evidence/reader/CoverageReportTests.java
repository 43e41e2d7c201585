package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.Samples.Sample;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Coverage as tools write it: with the document type declaration that their formats have, and nothing more of the kind. */
@Tag("M1.5")
class CoverageReportTests {
    private static final Path FOLDER = Path.of("src/test/resources/samples/coverage");

    private static Content content(String text) {
        return () -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static DocumentReader reader(String type) {
        return type.equals("jacoco") ? new JacocoReader() : new CoberturaReader();
    }

    static Stream<Sample> samples() {
        return Samples.in("coverage");
    }

    @ParameterizedTest
    @MethodSource("samples")
    void a_report_counts_what_its_tool_counted(Sample sample) throws Exception {
        String type = sample.expected().get("type").asText();
        assertThat(new Detection().typeOf(sample.content()))
                .hasValueSatisfying(found -> assertThat(found.id()).isEqualTo(type));
        Reading reading = reader(type).read(sample.content());
        for (Map.Entry<String, JsonNode> count : sample.expected().get("counts").properties()) {
            assertThat(reading.summary())
                    .containsEntry(count.getKey(), count.getValue().asLong());
        }
        boolean branches = sample.expected().at("/counts/branchesCovered").isNumber();
        assertThat(reading.summary().containsKey("branchCoverage")).isEqualTo(branches);
        assertThat(reading.gap() == null)
                .isEqualTo(branches || sample.expected().at("/counts/lines").asLong() > 0);
    }

    @Test
    void a_share_is_cut_and_never_rounded_up_to_a_limit() throws Exception {
        assertThat(new JacocoReader()
                        .read(content("<report name='a'><package name='p'><sourcefile name='A.java'>"
                                + "<counter type='LINE' missed='1' covered='2'/></sourcefile></package></report>"))
                        .summary())
                .containsEntry("lineCoverage", 0.6666);
    }

    @ParameterizedTest(name = "parts {0} of 10, total {1} of 10: {2}")
    @CsvSource({"5, 9, 0.5", "9, 5, 0.5", "5, 5, 0.5"})
    void of_parts_and_total_the_lower_one_is_believed(int parts, int total, double believed) throws Exception {
        String report = "<report name='a'><group name='g'><package name='p'><sourcefile name='A.java'>"
                + "<counter type='LINE' missed='%d' covered='%d'/></sourcefile></package></group>"
                + "<counter type='LINE' missed='%d' covered='%d'/></report>";
        assertThat(new JacocoReader()
                        .read(content(report.formatted(10 - parts, parts, 10 - total, total)))
                        .summary())
                .containsEntry("lineCoverage", believed);
        StringBuilder lines = new StringBuilder();
        for (int line = 1; line <= 10; line++) {
            lines.append("<line number='%d' hits='%d'/>".formatted(line, line <= parts ? 1 : 0));
        }
        assertThat(new CoberturaReader()
                        .read(content(("<coverage line-rate='1' lines-valid='10' lines-covered='%d'><packages><package>"
                                        + "<classes><class><lines>%s</lines></class></classes></package></packages></coverage>")
                                .formatted(total, lines)))
                        .summary())
                .containsEntry("lineCoverage", believed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<!DOCTYPE report PUBLIC \"-//JACOCO//DTD Report 1.1//EN\" \"report.dtd\">",
                "<!DOCTYPE report SYSTEM 'http://127.0.0.1:9/report.dtd'>",
                "<!DOCTYPE report>",
                "<?xml version=\"1.0\"?><!-- written by a tool -->  <!DOCTYPE report SYSTEM \"file:///etc/hostname\" >",
            })
    void a_declaration_that_only_points_elsewhere_is_passed_over_and_never_loaded(String prolog) throws Exception {
        String report = "<report name='a'><counter type='LINE' missed='1' covered='3'/></report>";
        assertThat(new Detection().typeOf(content(prolog + report))).contains(DocumentType.JACOCO);
        assertThat(new JacocoReader().read(content(prolog + report)).summary()).containsEntry("lineCoverage", 0.75);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<!DOCTYPE report [<!ENTITY x \"1\">]>|<report name='&x;'/>",
                "<!DOCTYPE report SYSTEM 'report.dtd' []>|<report name='a'/>",
                "<!DOCTYPE report PUBLIC '-//JACOCO//DTD Report 1.1//EN' 'report.dtd' [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>|<report name='a'>&x;</report>",
                "<!DOCTYPE report [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>|<report name='a'>&b;</report>",
                "<!DOCTYPE report SYSTEM 'report.dtd'><!DOCTYPE report [<!ENTITY x '1'>]>|<report name='a'/>",
            })
    void a_declaration_that_declares_something_is_refused_with_its_place(String prolog, String report) {
        for (DocumentReader reader : new DocumentReader[] {new JacocoReader(), new CoberturaReader()}) {
            assertThatThrownBy(() -> reader.read(content(prolog + report)))
                    .isInstanceOfSatisfying(
                            Unreadable.class, fault -> assertThat(fault.place()).startsWith("line 1"));
        }
        assertThatThrownBy(() -> new Detection().typeOf(content(prolog + report)))
                .isInstanceOf(Unreadable.class);
    }

    @Test
    void an_entity_that_only_the_unread_declaration_could_know_is_refused() {
        assertThatThrownBy(() -> new JacocoReader()
                        .read(content("<!DOCTYPE report SYSTEM 'report.dtd'><report name='a'>&x;</report>")))
                .isInstanceOf(Unreadable.class);
    }

    @Test
    void a_declaration_stays_refused_in_every_other_format() {
        assertThatThrownBy(() -> new TestReportReader().read(content("<!DOCTYPE testsuite><testsuite/>")))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("document type declaration");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<report name='a'><counter type='LINE' missed='-1' covered='3'/></report>|missed",
                "<report name='a'><counter type='LINE' covered='3'/></report>|missing",
                "<report name='a'><counter type='LINES' missed='1' covered='3'/></report>|LINES",
                "<report name='a'><packages/></report>|packages",
                "<html></html>|html",
            })
    void what_is_no_count_of_jacoco_is_refused(String report, String word) {
        assertThatThrownBy(() -> new JacocoReader().read(content(report)))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining(word);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<coverage clover='4.4' generated='1'/>|line-rate",
                "<coverage line-rate='1' lines-valid='1' lines-covered='2'/>|more lines",
                "<coverage line-rate='1'><class><lines><line number='1' hits='many'/></lines></class></coverage>|hits",
                "<coverage line-rate='1'><class><lines><line number='1' hits='1' branch='true'/></lines></class></coverage>|condition-coverage",
                "<coverage line-rate='1'><class><lines><line number='1' hits='1' branch='true' condition-coverage='150% (3/2)'/></lines></class></coverage>|more conditions",
            })
    void what_is_no_count_of_cobertura_is_refused(String report, String word) {
        assertThatThrownBy(() -> new CoberturaReader().read(content(report)))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining(word);
    }

    @Test
    void places_stay_where_they_are_behind_a_declaration() throws Exception {
        String report = Files.readString(FOLDER.resolve("cobertura-java.xml")).replace("hits=\"0\"", "hits=\"none\"");
        assertThatThrownBy(() -> new CoberturaReader().read(content(report)))
                .isInstanceOfSatisfying(
                        Unreadable.class, fault -> assertThat(fault.place()).startsWith("line 26,"));
    }
}
