package dev.countersign.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.HttpTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The commands that the documents tell a pipeline to use, run as they are written. */
@HttpTest
@Tag("D4")
@Tag("M4.1")
class DocumentedCommandsTests {
    private static final Pattern BLOCK = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);

    @LocalServerPort
    private int port;

    @BeforeAll
    static void needsAShellAndCurl() {
        for (String tool : List.of("bash", "curl", "grep")) {
            assumeTrue(
                    Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                            .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool))),
                    tool + " is not installed");
        }
    }

    private record Ran(int status, String output) {}

    private String here() {
        return "http://127.0.0.1:" + port;
    }

    /** Fails at the first line that fails. */
    private Ran run(String script) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder(
                        "bash", "-euo", "pipefail", "-c", script.replaceAll("http://127\\.0\\.0\\.1:8080", here()))
                .redirectErrorStream(true)
                .start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Ran(shell.exitValue(), output);
    }

    private static List<String> blocks(String document, String chapter) throws IOException {
        String text = Files.readString(Path.of(document));
        int from = text.indexOf(chapter);
        assertThat(from).as(chapter).isPositive();
        int to = text.indexOf("\n## ", from + chapter.length());
        Matcher block = BLOCK.matcher(text.substring(from, to < 0 ? text.length() : to));
        return block.results().map(found -> found.group(1)).toList();
    }

    private static String line(String block, String containing) {
        return Arrays.stream(block.split("\n"))
                .filter(line -> line.contains(containing))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No line with " + containing));
    }

    private void opened(String version) throws IOException, InterruptedException {
        Ran opened = run("docs/tour/open-release.sh " + version + " " + here());
        assertThat(opened.status()).as(opened.output()).isZero();
        assertThat(opened.output()).contains("checkout@" + version + " is open");
    }

    @Test
    void the_lines_of_the_readme_send_ask_and_fail_as_it_says() throws Exception {
        opened("2.0.0");
        List<String> blocks = blocks("README.md", "## In a pipeline");
        String send = blocks.get(0);
        Ran sent = run(send);
        assertThat(sent.status()).as(sent.output()).isZero();
        assertThat(sent.output())
                .contains("\"gate\":\"tests\",\"verdict\":\"PASS\"")
                .contains("\"gate\":\"sast\",\"verdict\":\"PASS\"")
                .contains("\"gate\":\"sca\",\"verdict\":\"PASS\"");

        String settings = line(send, "COUNTERSIGN=") + "\n";
        String gate = settings + line(blocks.get(1), "/gates/tests");
        assertThat(run(gate).status()).isZero();
        assertThat(run(settings + line(send, "junit.xml").replace("junit.xml", "junit-failing.xml"))
                        .status())
                .isZero();
        assertThat(run(gate).status()).as("a failed gate").isNotZero();
        assertThat(run(gate.replace("TOKEN=ci", "TOKEN=wrong")).status())
                .as("a wrong password")
                .isNotZero();

        String deployment = line(blocks.get(1), "/deployments/allowed");
        assertThat(run(settings + "DIGEST=sha256:" + "f".repeat(64) + "\n" + deployment)
                        .status())
                .isNotZero();
        String stable = "DIGEST=$(curl -fsS -u ci:ci " + here()
                + "/api/sandbox/checkout | grep -o '\"stable\":{[^}]*}' | grep -o 'sha256:[0-9a-f]*')\n";
        Ran allowed = run(settings + stable + deployment);
        assertThat(allowed.status()).as(allowed.output()).isZero();
    }

    @Test
    void the_lines_of_the_page_for_pipelines_do_too() throws Exception {
        opened("2.0.1");
        String send = blocks("docs/pipelines.md", "## Send evidence").get(0).replace("@2.0.0", "@2.0.1");
        Ran sent = run(send);
        assertThat(sent.status()).as(sent.output()).isZero();
        String settings = line(send, "RELEASE=") + "\n";
        String gate =
                settings + line(blocks("docs/pipelines.md", "## Fail on a gate").get(0), "/gates/tests");
        assertThat(run(gate).status()).isZero();
        assertThat(run(gate.replace("/gates/tests", "/gates/no-such-gate")).status())
                .isNotZero();
        assertThat(run("DIGEST=sha256:" + "f".repeat(64) + "\n"
                                + line(
                                        blocks("docs/pipelines.md", "## Ask before")
                                                .get(0),
                                        "/deployments/allowed"))
                        .status())
                .isNotZero();
    }
}
