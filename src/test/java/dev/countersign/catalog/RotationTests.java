package dev.countersign.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.catalog.Rotation.Endpoint;
import dev.countersign.catalog.Rotation.Secret;
import dev.countersign.catalog.Rotation.Store;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M4.4")
class RotationTests {
    private static final String TEXT =
            """
            rotation: checkout
            service: checkout
            endpoints:
              - {id: edge, host: Shop.example, port: 443}
              - {id: inner, host: 10.1.2.3, port: 8443, serverName: checkout.internal.example}
            secrets:
              - {id: database, kind: database-password, in: vault-database, mount: database, role: checkout}
              - {id: payment, kind: api-key, in: vault-kv, mount: secret, path: checkout/payment}
              - {id: session, kind: signing-key, in: kubernetes, namespace: shop, name: session, rotatedAt: ops.example/rotated-at}
              - {id: edge-tls, kind: certificate, in: kubernetes, namespace: shop, name: edge-tls}
            """;

    private static Declaration.Read<Rotation> read(String text) {
        return RotationReader.read(Texts.file("checkout.yaml", text));
    }

    @Test
    void endpoints_and_secrets_are_read_with_the_digest_of_the_exact_bytes() {
        Rotation rotation = read(TEXT).said().orElseThrow();
        assertThat(rotation.endpoints())
                .containsExactly(
                        new Endpoint("edge", "shop.example", 443, "shop.example"),
                        new Endpoint("inner", "10.1.2.3", 8443, "checkout.internal.example"));
        assertThat(rotation.secrets())
                .containsExactly(
                        new Secret("database", "database-password", Store.VAULT_DATABASE, "database", "checkout", null),
                        new Secret("payment", "api-key", Store.VAULT_KV, "secret", "checkout/payment", null),
                        new Secret(
                                "session",
                                "signing-key",
                                Store.KUBERNETES,
                                "shop",
                                "session",
                                "ops.example/rotated-at"),
                        new Secret("edge-tls", "certificate", Store.KUBERNETES, "shop", "edge-tls", null));
        assertThat(rotation.digest())
                .isNotEqualTo(read(TEXT + "# a comment\n").said().orElseThrow().digest());
    }

    @Test
    void a_service_may_say_that_it_has_nothing_to_rotate() {
        Rotation rotation = read("{rotation: batch, service: batch, nothing: reads a file and writes one}")
                .said()
                .orElseThrow();
        assertThat(rotation.nothing()).isEqualTo("reads a file and writes one");
        assertThat(rotation.endpoints()).isEmpty();
        assertThat(rotation.secrets()).isEmpty();
    }

    @ParameterizedTest(name = "{0} as {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "port: 443 | port: 0",
                "port: 443 | port: 70000",
                "port: 443 | prt: 443",
                "host: 10.1.2.3 | host: https://10.1.2.3/",
                "in: vault-kv | in: vault",
                "path: checkout/payment | path: ../sys/raw",
                "path: checkout/payment | path: checkout/payment?version=1",
                "namespace: shop, name: session | namespace: shop, name: ../session",
                "id: inner | id: edge",
                "kind: api-key, in: vault-kv | kind: certificate, in: vault-kv",
                "mount: database, role | namespace: database, role",
                "service: checkout | servic: checkout",
                "rotation: checkout | {}",
            })
    void what_is_not_in_the_schema_is_refused_with_its_place(String right, String wrong) {
        assertThat(TEXT).contains(right);
        Declaration.Read<Rotation> read = read(TEXT.replaceFirst(java.util.regex.Pattern.quote(right), wrong));
        assertThat(read.said()).isEmpty();
        assertThat(read.problems()).isNotEmpty().extracting(Problem::file).containsOnly("checkout.yaml");
    }

    @Test
    void nothing_and_something_contradict_each_other() {
        assertThat(read(TEXT + "nothing: there is nothing here\n").problems())
                .extracting(Problem::message)
                .containsExactly("It says that there is nothing, and names something");
        assertThat(read("{rotation: batch, service: batch}").said()).isEmpty();
    }
}
