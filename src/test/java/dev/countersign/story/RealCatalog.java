package dev.countersign.story;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The catalog of the target services: who they are, what is promised of them, what their users do and what they earn. */
final class RealCatalog {
    private static final Path SAMPLE = Path.of("src", "main", "resources", "sample", "catalog");
    private final Path folder;

    RealCatalog(Path data) throws IOException {
        folder = data.resolve("catalog");
        Files.createDirectories(folder);
        Files.createDirectories(journeys());
        Files.createDirectories(kpis());
        Files.createDirectories(canaries());
        Files.copy(SAMPLE.resolve("organisation.yaml"), folder.resolve("organisation.yaml"));
    }

    Path folder() {
        return folder;
    }

    Path journeys() {
        return folder.resolveSibling("journeys");
    }

    Path kpis() {
        return folder.resolveSibling("kpis");
    }

    Path canaries() {
        return folder.resolveSibling("canaries");
    }

    void service(String name, String target, List<String> dependsOn) throws IOException {
        Files.writeString(
                folder.resolve(name + ".yaml"),
                """
                apiVersion: backstage.io/v1alpha1
                kind: Component
                metadata:
                  name: %s
                  annotations: {countersign.dev/tier: standard, countersign.dev/target: %s, countersign.dev/announce-to: customers@example.org}
                spec:
                  type: service
                  lifecycle: production
                  owner: team-storefront
                  dependsOn: [%s]
                """
                        .formatted(
                                name,
                                target,
                                String.join(
                                        ", ",
                                        dependsOn.stream()
                                                .map(each -> "component:" + each)
                                                .toList())));
    }

    /** As the sample promises of its cart, over a day: four weeks take minutes to count, and until then a budget is not known. */
    void objectives(String service) throws IOException {
        String cart = Files.readString(SAMPLE.resolve("slo").resolve("cart.yaml"));
        Files.writeString(
                folder.resolve(service + "-slo.yaml"),
                cart.replace("cart", service).replace("duration: 28d", "duration: 1d"));
    }

    void journey(String service) throws IOException {
        Files.writeString(
                journeys().resolve(service + ".yaml"),
                """
                journeys: %1$s
                service: %1$s
                run:
                  - {id: buy, within: PT4S, steps: [{id: open, path: /journey, within: PT2S, expect: {status: 200}}]}
                """
                        .formatted(service));
    }

    /** A canary configuration as Kayenta keeps it, of the service's queue. */
    void canary(String service) throws IOException {
        Files.writeString(
                canaries().resolve(service + ".json"),
                """
                {"name": "golden signals", "judge": {"name": "NetflixACAJudge-v1.0", "judgeConfigurations": {}},
                 "metrics": [
                   {"name": "waiting", "groups": ["saturation"],
                    "query": {"type": "prometheus", "metricName": "work_queue_depth", "customInlineTemplate": "service=\\"%s\\""},
                    "analysisConfigurations": {"canary": {"direction": "increase", "critical": true, "mustHaveData": true}}}],
                 "classifier": {"groupWeights": {"saturation": 100}, "scoreThresholds": {"pass": 95, "marginal": 75}}}
                """
                        .formatted(service));
    }

    void kpi(String service) throws IOException {
        Files.writeString(
                kpis().resolve(service + ".yaml"),
                """
                kpis: %1$s
                service: %1$s
                measure:
                  - id: orders
                    events: sum by (version) (increase(orders_total{service="$service"}[$interval]))
                    per: sum by (version) (increase(http_requests_total{service="$service"}[$interval]))
                    worse: less
                    deviation: 0.1
                    critical: true
                    against: [concurrent]
                """
                        .formatted(service));
    }
}
