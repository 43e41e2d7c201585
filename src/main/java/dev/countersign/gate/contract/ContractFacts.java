package dev.countersign.gate.contract;

import dev.countersign.evidence.Evidence;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.EvidenceJudge;
import dev.countersign.release.ChangeFacts;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * What the difference between two contracts shows about the release, whatever was stated when it was opened: a new path is an endpoint that is new to the
 * outside, and a difference is a changed contract. Asked before the gates, since the facts decide which gates there are.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class ContractFacts implements EvidenceJudge {
    private static final int NAMED = 5;
    private final Evidence evidence;
    private final ChangeFacts facts;

    ContractFacts(Evidence evidence, ChangeFacts facts) {
        this.evidence = evidence;
        this.facts = facts;
    }

    @Override
    public List<Judged> arrived(String releaseKey, String type) {
        if (Comparison.TYPES.contains(type)) {
            evidence.current(releaseKey, type).stream()
                    .map(Comparison::new)
                    .forEach(compared -> raise(releaseKey, compared));
        }
        return List.of();
    }

    private void raise(String releaseKey, Comparison compared) {
        Document document = compared.document();
        long changes = compared.count("breaking") + compared.count("nonBreaking");
        if (changes > 0) {
            facts.raise(
                    releaseKey,
                    "apiContract",
                    document.sha256(),
                    document.type(),
                    "compared with %s, %d changes".formatted(compared.base(), changes));
        }
        if (compared.count("newEndpoints") > 0) {
            facts.raise(
                    releaseKey,
                    "externalEndpoints",
                    document.sha256(),
                    document.type(),
                    "compared with %s, new are %s".formatted(compared.base(), endpoints(document)));
        }
    }

    private static String endpoints(Document document) {
        List<?> named = document.details().get("newEndpoints") instanceof List<?> some ? some : List.of();
        String first = named.stream().limit(NAMED).map(String::valueOf).collect(Collectors.joining(", "));
        return named.size() > NAMED ? first + " and %d more".formatted(named.size() - NAMED) : first;
    }
}
