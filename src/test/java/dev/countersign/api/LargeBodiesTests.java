package dev.countersign.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.HttpTest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A client that sends all of its body before it reads, as many do, gets the answer and not a reset connection. */
@HttpTest
@Tag("M4.2")
@Tag("E4")
class LargeBodiesTests {
    private static final int MEGABYTE = 1024 * 1024;

    @LocalServerPort
    private int port;

    @ParameterizedTest(name = "{0} of {1} as {2}, chunked: {4}")
    @CsvSource({
        "413, 60, ci, evidence?type=junit, false",
        "413, 60, ci, evidence?type=junit, true",
        "401, 20, nobody, evidence?type=junit, false",
        "403, 20, qa, evidence?type=junit&commit=6dcb09b5b57875f334f61aebed695e2e4193db5e, false",
        "403, 20, auditor, evidence?type=junit, false",
        "422, 20, ci, evidence?type=pentest, false",
        "422, 20, ci, evidence?type=nonsense, true",
    })
    void a_refusal_arrives_whole_although_the_body_was_sent_to_its_end(
            int status, int megabytes, String user, String call, boolean chunked) throws IOException {
        String key = open();
        String answer = send(user, "/api/releases/" + key + "/" + call, megabytes, chunked);
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertThat(answer).contains("application/problem+json").contains("\"status\":" + status);
    }

    @Test
    void what_is_not_there_is_404_however_large_the_body() throws IOException {
        assertThat(send("ci", "/api/releases/checkout@0.0.0/evidence?type=junit", 20, false))
                .startsWith("HTTP/1.1 404 ");
    }

    private String open() throws IOException {
        String body =
                """
                {"service": "checkout", "version": "5.0.%d", "commit": "6dcb09b5b57875f334f61aebed695e2e4193db5e", "authors": ["developer"],
                 "artifacts": [{"name": "registry.example/checkout", "digest": "sha256:%064x"}]}"""
                        .formatted(System.nanoTime() % 1_000_000_000, 17);
        try (Socket socket = new Socket("localhost", port)) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    head("ci", "/api/releases", "Content-Type: application/json\r\nContent-Length: " + body.length()));
            out.write(body.getBytes(StandardCharsets.UTF_8));
            out.flush();
            String answer = read(socket);
            assertThat(answer).startsWith("HTTP/1.1 201 ");
            int at = answer.indexOf("Location: /api/releases/") + "Location: /api/releases/".length();
            return answer.substring(at, answer.indexOf('\r', at));
        }
    }

    /** All of it first; a reset while writing, or before the answer was read, is a failure. */
    private String send(String user, String path, int megabytes, boolean chunked) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(30_000);
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), MEGABYTE);
            byte[] piece = new byte[MEGABYTE];
            java.util.Arrays.fill(piece, (byte) ' ');
            out.write(head(
                    user,
                    path,
                    "Content-Type: application/xml\r\n"
                            + (chunked
                                    ? "Transfer-Encoding: chunked"
                                    : "Content-Length: " + (long) megabytes * MEGABYTE)));
            for (int i = 0; i < megabytes; i++) {
                if (chunked) {
                    out.write((Integer.toHexString(MEGABYTE) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                }
                out.write(piece);
                if (chunked) {
                    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                }
            }
            if (chunked) {
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.flush();
            return read(socket);
        }
    }

    private static byte[] head(String user, String path, String headers) {
        String credentials = Base64.getEncoder().encodeToString((user + ":" + user).getBytes(StandardCharsets.UTF_8));
        return ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Basic "
                        + credentials + "\r\n" + headers + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String read(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
