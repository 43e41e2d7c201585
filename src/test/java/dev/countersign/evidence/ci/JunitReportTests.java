package dev.countersign.evidence.ci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M1.5")
class JunitReportTests {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<testsuite><testcase name='a'><system-out>&outside;</system-out></testcase></testsuite>",
                "<testsuite><testcase name='&outside;'/></testsuite>"
            })
    void what_lies_outside_a_file_does_not_come_in(String body) throws IOException, XMLStreamException {
        Path secret = Files.writeString(folder.resolve("secret"), "not for reports");
        String file = "<!DOCTYPE testsuite [<!ENTITY outside SYSTEM '%s'>]>%s".formatted(secret.toUri(), body);
        JunitReport report = new JunitReport("run");
        assertThatThrownBy(() -> report.add(file.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(XMLStreamException.class);
        assertThat(new String(report.bytes(), StandardCharsets.UTF_8)).doesNotContain("not for reports");
    }

    @Test
    void files_of_a_run_become_one_report() throws XMLStreamException {
        JunitReport report = new JunitReport("run");
        assertThat(report.add(
                        "<testsuite name='a'><testcase name='one'/></testsuite>".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(report.add("<project/>".getBytes(StandardCharsets.UTF_8))).isFalse();
        assertThat(new String(report.bytes(), StandardCharsets.UTF_8))
                .contains("<testsuite name=\"a\"><testcase name=\"one\"></testcase></testsuite>")
                .doesNotContain("project");
    }
}
