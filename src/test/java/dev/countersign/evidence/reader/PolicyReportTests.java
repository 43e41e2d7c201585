package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.evidence.Evidence.Finding;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policy reports as Kyverno and kubectl write them: whose result it is, and what kind of document. */
@Tag("M4.2")
class PolicyReportTests {
    private static Content content(String text) {
        return () -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Reading read(String text) throws Exception {
        return new KyvernoReader().read(content(text));
    }

    private static String scoped(String name) {
        return """
                apiVersion: wgpolicyk8s.io/v1alpha2
                kind: PolicyReport
                metadata: {name: a-%1$s, namespace: shop}
                results:
                - {policy: disallow-host-path, rule: host-path, result: fail, message: no}
                scope: {apiVersion: apps/v1, kind: Deployment, name: %1$s, namespace: shop}
                summary: {error: 0, fail: 1, pass: 0, skip: 0, warn: 0}
                """
                .formatted(name);
    }

    @Test
    void a_report_that_tells_its_resource_by_scope_has_findings_of_that_resource() throws Exception {
        assertThat(read(scoped("web") + "---\n" + scoped("worker")).findings())
                .extracting(Finding::id)
                .containsExactly(
                        "disallow-host-path/host-path@Deployment shop/web",
                        "disallow-host-path/host-path@Deployment shop/worker");
    }

    @Test
    void a_result_of_several_resources_names_them_all() throws Exception {
        assertThat(
                        read("""
                                        kind: PolicyReport
                                        results:
                                        - policy: p
                                          rule: r
                                          result: fail
                                          resources: [{kind: Pod, namespace: a, name: one}, {kind: Pod, namespace: a, name: two}]
                                        """)
                                .findings())
                .extracting(Finding::id)
                .containsExactly("p/r@Pod a/one, Pod a/two");
    }

    @Test
    void a_report_without_scope_and_resources_is_told_by_its_own_name() throws Exception {
        assertThat(
                        read("kind: PolicyReport\nmetadata: {name: x, namespace: n}\nresults: [{policy: p, result: fail}, {policy: p, result: fail}]")
                                .findings())
                .extracting(Finding::id)
                .hasSize(2)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("p@n/x~[0-9a-f]{12}~[12]of2"));
    }

    @Test
    void a_report_that_lists_fewer_failures_than_it_counts_is_refused() {
        assertThatThrownBy(() ->
                        read("kind: PolicyReport\nresults: [{policy: p, result: pass}]\nsummary: {pass: 1, fail: 1}"))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("fail");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"apiVersion\":\"v1\",\"items\":[{\"apiVersion\":\"wgpolicyk8s.io/v1alpha2\",\"kind\":\"PolicyReport\",\"results\":[]}],\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"\"}}",
                "{\"kind\":\"List\",\"items\":[{\"kind\":\"ClusterPolicyReport\",\"results\":[]}]}",
                "{\"kind\":\"ClusterPolicyReportList\",\"items\":[]}",
                "{\"kind\":\"List\",\"items\":[{\"apiVersion\":\"openreports.io/v1alpha1\",\"kind\":\"Report\",\"results\":[]}]}",
                "apiVersion: v1\nitems:\n- apiVersion: wgpolicyk8s.io/v1alpha2\n  kind: PolicyReport\n  results: []\nkind: List\n",
            })
    void what_kubectl_writes_is_detected_by_its_items(String text) throws Exception {
        assertThat(new Detection().typeOf(content(text))).contains(DocumentType.KYVERNO);
    }

    @Test
    void a_list_of_something_else_is_none() throws Exception {
        assertThat(new Detection().typeOf(content("{\"kind\":\"List\",\"items\":[{\"kind\":\"Pod\"}]}")))
                .isEmpty();
    }
}
