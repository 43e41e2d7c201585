package dev.countersign.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.catalog.Capacity.Amount;
import dev.countersign.catalog.Capacity.Resource;
import dev.countersign.catalog.Capacity.Use;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M3.6")
class CapacityTests {
    private static final String TEXT =
            """
            capacity: checkout
            service: checkout
            replicas:
              stable: sum(kube_deployment_status_replicas_ready{deployment="checkout"})
              candidate: 2
            resources:
              - {name: cpu, utilisation: avg(cpu_used)}
              - {name: connections, use: shared, utilisation: max(connections_used)}
            """;

    private static Declaration.Read<Capacity> read(String text) {
        return CapacityReader.read(Texts.file("checkout.yaml", text));
    }

    @Test
    void replicas_and_resources_are_read_with_the_digest_of_the_exact_bytes() {
        Capacity capacity = read(TEXT).said().orElseThrow();
        assertThat(capacity.stable())
                .isEqualTo(new Amount(null, "sum(kube_deployment_status_replicas_ready{deployment=\"checkout\"})"));
        assertThat(capacity.candidate()).isEqualTo(new Amount(2, null));
        assertThat(capacity.resources())
                .containsExactly(
                        new Resource("cpu", Use.PER_REPLICA, "avg(cpu_used)"),
                        new Resource("connections", Use.SHARED, "max(connections_used)"));
        assertThat(capacity.digest())
                .isNotEqualTo(read(TEXT + "# a comment\n").said().orElseThrow().digest());
    }

    @ParameterizedTest(name = "{0} as {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "candidate: 2 | candidate: 0",
                "candidate: 2 | candidate: 1.5",
                "candidate: 2 | candidates: 2",
                "use: shared | use: alone",
                "name: connections | name: cpu",
                "utilisation: avg(cpu_used) | utilization: avg(cpu_used)",
                "service: checkout | services: checkout"
            })
    void what_breaks_a_rule_is_said_and_nothing_is_read(String before, String after) {
        Declaration.Read<Capacity> read = read(TEXT.replace(before, after));
        assertThat(read.said()).isEmpty();
        assertThat(read.problems()).isNotEmpty().allSatisfy(problem -> assertThat(problem.file())
                .isEqualTo("checkout.yaml"));
    }
}
