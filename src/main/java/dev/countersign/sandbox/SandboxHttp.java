package dev.countersign.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Asks the target and its router how they are. */
@InSandbox
@Component
class SandboxHttp {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private final SandboxTargets targets;
    private final ObjectMapper json;

    SandboxHttp(SandboxTargets targets, ObjectMapper json) {
        this.targets = targets;
        this.json = json;
    }

    JsonNode get(URI address) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(address).timeout(PATIENCE).build();
        try {
            HttpResponse<byte[]> answer = targets.client().send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new IOException(address + " answered " + answer.statusCode());
            }
            return json.readTree(answer.body());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while asking " + address);
        }
    }
}
