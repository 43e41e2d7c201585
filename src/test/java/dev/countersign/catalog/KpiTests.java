package dev.countersign.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M5.6")
class KpiTests {
    private static final String TEXT =
            """
            kpis: shop
            service: cart
            measure:
              - id: orders
                events: sum by (version) (increase(orders_total[$interval]))
                per: sum by (version) (increase(visits_total[$interval]))
                worse: less
              - {id: refunds, events: r, per: v, worse: more, deviation: 0.2, critical: true, against: [concurrent]}
            """;

    private static Declaration.Read<KpiFile> read(String text) {
        return KpiReader.read(Texts.file("shop.yaml", text));
    }

    @Test
    void ten_percent_are_tolerated_and_both_baselines_are_asked_unless_the_file_says_otherwise() {
        var kpis = read(TEXT).said().orElseThrow().kpis();
        Kpi orders = kpis.get(0);
        assertThat(orders.deviation()).isEqualTo(0.1);
        assertThat(orders.critical()).isFalse();
        assertThat(orders.concurrent() && orders.seasonal()).isTrue();
        Kpi refunds = kpis.get(1);
        assertThat(refunds.deviation()).isEqualTo(0.2);
        assertThat(refunds.critical() && refunds.concurrent() && !refunds.seasonal())
                .isTrue();
        assertThat(refunds.worse()).isEqualTo("more");
    }

    @Test
    void the_sample_file_keeps_to_the_schema() throws IOException {
        Path sample = Path.of("src/main/resources/sample/kpis/checkout.yaml");
        assertThat(KpiReader.read(new SourceFile("checkout.yaml", Files.readAllBytes(sample)))
                        .problems())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "worse: less | worse: odd",
                "deviation: 0.2 | deviation: 0.9",
                "id: refunds | id: orders",
                "against: [concurrent] | against: []",
                "'    worse: less' | '    better: more'"
            })
    void what_could_never_deviate_is_refused(String there, String wrong) {
        Declaration.Read<KpiFile> read = read(TEXT.replace(there, wrong));
        assertThat(read.said()).isEmpty();
        assertThat(read.problems()).isNotEmpty().allSatisfy(problem -> assertThat(problem.line())
                .isPositive());
    }
}
