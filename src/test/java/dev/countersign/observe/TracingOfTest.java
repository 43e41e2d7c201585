package dev.countersign.observe;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A monitoring server that does not install here: it answers on loopback in its vendor's documented form with what a test made. */
public final class TracingOfTest implements AutoCloseable {
    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
    private final WireMockServer server;
    private volatile Answers answers;

    /** @param headers of those that a test looks at */
    public record Asked(String path, Map<String, String> query, Map<String, String> headers) {}

    public record Answer(int status, String body) {
        public static Answer ok(String body) {
            return new Answer(200, body);
        }
    }

    public interface Answers {
        Answer to(Asked asked);
    }

    public TracingOfTest(Answers answers) {
        this.answers = answers;
        server = new WireMockServer(WireMockConfiguration.options()
                .dynamicPort()
                .bindAddress("127.0.0.1")
                .disableRequestJournal()
                .extensions(new Made()));
        server.start();
        server.stubFor(WireMock.any(WireMock.anyUrl()).willReturn(WireMock.aResponse()));
    }

    private final class Made implements ResponseDefinitionTransformerV2 {
        @Override
        public ResponseDefinition transform(ServeEvent event) {
            Answer answer = answers.to(asked(event.getRequest()));
            return ResponseDefinitionBuilder.responseDefinition()
                    .withStatus(answer.status())
                    .withHeader("Location", url() + "/elsewhere")
                    .withBody(answer.body())
                    .build();
        }

        @Override
        public String getName() {
            return "made";
        }
    }

    private Asked asked(Request request) {
        URI address = URI.create(request.getAbsoluteUrl());
        Map<String, String> query = new HashMap<>();
        String raw = address.getRawQuery();
        for (String each : raw == null ? new String[0] : raw.split("&")) {
            String[] parts = each.split("=", 2);
            query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        Map<String, String> headers = new HashMap<>();
        for (String name : List.of("Authorization", "X-Scope-OrgID")) {
            if (request.containsHeader(name)) {
                headers.put(name, request.getHeader(name));
            }
        }
        Asked one = new Asked(address.getPath(), query, headers);
        asked.add(one);
        return one;
    }

    public void answers(Answers others) {
        answers = others;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        server.stop();
    }
}
