package dev.countersign.evidence.pact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.EvidenceSource;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.Secret;
import dev.countersign.evidence.http.SystemApi;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** A Pact broker: whether the release's version has been verified against whatever runs in the environment (the matrix, as can-i-deploy asks it). */
@Component
@ConditionalOnProperty("countersign.evidence.pact-broker.url")
class PactBrokerSource implements EvidenceSource {
    private final PactBrokerProperties properties;
    private final SystemApi api;

    PactBrokerSource(PactBrokerProperties properties, Clock clock) {
        this.properties = properties;
        Secret secret = properties.credentials();
        this.api = new SystemApi(
                properties.url(),
                () -> Map.of(
                        "Accept", "application/hal+json", "Authorization", secret.authorization(properties.user())),
                properties.timeout(),
                properties.maxResponse().toBytes(),
                clock);
    }

    @Override
    public String name() {
        return "pact-broker";
    }

    @Override
    public Set<String> types(Asked asked) {
        return Set.of("pact");
    }

    @Override
    public Answer fetch(Asked asked, Duration within) throws SourceUnavailable, InterruptedException {
        String service = asked.release().service();
        String name = properties.pacticipants().getOrDefault(service, service);
        String number = properties.version().equals("commit")
                ? asked.release().commit()
                : asked.release().version();
        Optional<SystemApi.Page> known = api.page(
                "/pacticipants/%s/versions/%s".formatted(BaseAddress.segment(name), BaseAddress.segment(number)));
        if (known.isEmpty()) {
            return Answer.nothing("it knows no version %s of %s".formatted(number, name));
        }
        if (!known.get().body().path("number").asText("").equals(number)) {
            throw new SourceUnavailable("it answered with another version than was asked for");
        }
        String path = "/matrix?%s=%s&%s=%s&latestby=cvp&environment=%s"
                .formatted(
                        BaseAddress.segment("q[][pacticipant]"),
                        BaseAddress.segment(name),
                        BaseAddress.segment("q[][version]"),
                        BaseAddress.segment(number),
                        BaseAddress.segment(properties.environment()));
        byte[] document = api.document(path)
                .orElseThrow(
                        () -> new SourceUnavailable("it has no environment %s".formatted(properties.environment())));
        JsonNode answer = SystemApi.tree(document);
        if (!answer.path("matrix").isArray()) {
            throw new SourceUnavailable("its answer has no matrix");
        }
        if (answer.path("matrix").isEmpty()) {
            return Answer.nothing(
                    "it has no pact of %s %s with anything in %s".formatted(name, number, properties.environment()));
        }
        for (JsonNode row : answer.path("matrix")) {
            if (!isOf(row.path("consumer"), name, number) && !isOf(row.path("provider"), name, number)) {
                throw new SourceUnavailable("its matrix has a row about another version than was asked for");
            }
        }
        return Answer.of(List.of(Fetched.state("pact", properties.environment(), document, About.named(name))
                .in(properties.environment())));
    }

    private static boolean isOf(JsonNode party, String name, String number) {
        return party.path("name").asText("").equals(name)
                && party.path("version").path("number").asText("").equals(number);
    }
}
