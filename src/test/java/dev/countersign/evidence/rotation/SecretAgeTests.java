package dev.countersign.evidence.rotation;

import static dev.countersign.evidence.rotation.Looking.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.countersign.catalog.Rotation.Secret;
import dev.countersign.catalog.Rotation.Store;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.reader.Reading;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

/** Vault and the API of Kubernetes, answering in their documented formats. */
@Tag("M4.4")
class SecretAgeTests {
    private static final Secret KV = new Secret("pay", "api-key", Store.VAULT_KV, "secret", "checkout/pay", null);
    private static final Secret ROLE =
            new Secret("db", "database-password", Store.VAULT_DATABASE, "database", "checkout", null);
    private static final Secret SESSION = new Secret("s", "signing-key", Store.KUBERNETES, "shop", "session", null);
    private static final Secret ANNOTATED =
            new Secret("s", "signing-key", Store.KUBERNETES, "shop", "session", "ops.example/rotated-at");
    private static final Secret TLS = new Secret("t", "certificate", Store.KUBERNETES, "shop", "edge", null);

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Map<String, String> asked = new ConcurrentHashMap<>();
    private int status = 200;
    private HttpServer server;
    private URI url;
    private final Looking looking = new Looking();

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        url = URI.create("http://localhost:" + server.getAddress().getPort());
        looking.at(url, url);
    }

    @AfterEach
    void stop() throws Exception {
        looking.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.put(
                path,
                exchange.getRequestHeaders().getFirst("Accept") + " "
                        + exchange.getRequestHeaders().getFirst("X-Vault-Token") + " "
                        + exchange.getRequestHeaders().getFirst("Authorization"));
        String answer = answers.get(path);
        byte[] body = (answer == null ? "{\"errors\":[]}" : answer).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status != 200 ? status : answer == null ? 404 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String versions(int current, String version) {
        return """
                {"request_id": "7f", "lease_id": "", "renewable": false, "lease_duration": 0,
                 "data": {"cas_required": false, "created_time": "2020-01-22T02:24:06.945319214Z", "current_version": %d,
                   "custom_metadata": null, "delete_version_after": "0s", "max_versions": 0, "oldest_version": 0,
                   "updated_time": "2026-11-02T02:36:43.986212308Z",
                   "versions": {
                     "1": {"created_time": "2020-01-22T02:24:06.945319214Z", "deletion_time": "", "destroyed": false},
                     "2": %s}}}"""
                .formatted(current, version);
    }

    private static String version(String created, String deleted, boolean destroyed) {
        return "{\"created_time\": \"%s\", \"deletion_time\": \"%s\", \"destroyed\": %s}"
                .formatted(created, deleted, destroyed);
    }

    private static Map<?, ?> rotated(Reading reading) {
        assertThat(reading.findings()).isEmpty();
        return (Map<?, ?>) ((List<?>) reading.details().get("secrets")).get(0);
    }

    private static Finding only(Reading reading, String count) {
        assertThat(reading.findings()).hasSize(1);
        assertThat(reading.findings().get(0).counts()).containsExactly(count);
        assertThat(reading.summary()).containsEntry(count, 1L);
        return reading.findings().get(0);
    }

    @Test
    void of_the_current_version_in_vault_only_the_metadata_is_asked_for() throws Exception {
        answers.put(
                "/v1/secret/metadata/checkout/pay", versions(2, version("2026-11-02T02:36:43.986212308Z", "", false)));
        Map<?, ?> seen = rotated(looking.secret(KV).look());
        assertThat(seen.get("rotatedAt")).isEqualTo("2026-11-02T02:36:43.986212308Z");
        assertThat(seen.get("at")).isEqualTo("vault-kv secret/checkout/pay");
        assertThat(asked).containsOnlyKeys("/v1/secret/metadata/checkout/pay");
        assertThat(asked.values()).singleElement().asString().contains("s.token");
    }

    @ParameterizedTest(name = "version {0}, created {1}, deleted {2}, destroyed {3}: {4}")
    @CsvSource({
        "2, 2026-11-02T02:36:43Z, 2026-11-20T00:00:00Z, false, secretsMissing",
        "2, 2026-11-02T02:36:43Z, '', true, secretsMissing",
        "2, 2026-11-02T02:36:43Z, whenever, false, secretsMissing",
        "0, 2026-11-02T02:36:43Z, '', false, secretsMissing",
        "3, 2026-11-02T02:36:43Z, '', false, secretsWithoutAge",
        "2, '', '', false, secretsWithoutAge",
        "2, 0001-01-01T00:00:00Z, '', false, secretsWithoutAge",
        "2, yesterday, '', false, errors",
        "2, 2030-01-01T00:00:00Z, '', false, errors",
    })
    void what_vault_does_not_say_is_told_apart(
            int current, String created, String deleted, boolean destroyed, String count) throws Exception {
        answers.put("/v1/secret/metadata/checkout/pay", versions(current, version(created, deleted, destroyed)));
        only(looking.secret(KV).look(), count);
    }

    @Test
    void a_version_that_is_to_be_deleted_one_day_is_there() throws Exception {
        answers.put(
                "/v1/secret/metadata/checkout/pay",
                versions(2, version("2026-11-02T02:36:43Z", "2027-11-20T00:00:00Z", false)));
        rotated(looking.secret(KV).look());
    }

    /** Trusted by a private root, with a token out of a file that is read anew for each call. */
    @Test
    void vault_behind_a_private_root_is_asked_over_tls(@TempDir Path folder) throws Exception {
        Authority root = Authority.root("Vault Root");
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(
                root.issue("localhost", Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2039-01-01T00:00:00Z"))
                        .keyStore(),
                new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        HttpsServer vault = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        vault.setHttpsConfigurator(new HttpsConfigurator(context));
        vault.createContext("/", this::answer);
        vault.start();
        try {
            URI secure = URI.create("https://localhost:" + vault.getAddress().getPort());
            answers.put("/v1/secret/metadata/checkout/pay", versions(2, version("2026-11-02T02:36:43Z", "", false)));
            Path token = Files.writeString(folder.resolve("token"), "s.first\n");
            Path roots = root.writeTo(folder.resolve("roots.pem"));
            VaultAges trusting = vault(secure, token, roots);
            assertThat(trusting.look(KV).rotatedAt()).isEqualTo(Instant.parse("2026-11-02T02:36:43Z"));
            assertThat(asked.values()).singleElement().asString().contains("s.first");
            Files.writeString(token, "s.second\n");
            trusting.look(KV);
            assertThat(asked.values()).singleElement().asString().contains("s.second");
            assertThat(vault(secure, token, null).look(KV).faults())
                    .extracting(Fault::code)
                    .containsExactly("error");
        } finally {
            vault.stop(0);
        }
    }

    private static VaultAges vault(URI url, Path token, Path roots) {
        return new VaultAges(
                new RotationProperties(
                        List.of(),
                        List.of(),
                        null,
                        Duration.ofSeconds(5),
                        new RotationProperties.Vault(url, null, token, null, roots),
                        new RotationProperties.Kubernetes(null, null, null, null),
                        DataSize.ofMegabytes(1)),
                Looking.CLOCK);
    }

    @Test
    void a_static_role_says_when_vault_rotated_it_and_not_the_password() throws Exception {
        answers.put(
                "/v1/database/static-roles/checkout",
                """
                {"data": {"credential_type": "password", "db_name": "orders", "last_vault_rotation": "2026-10-01T17:24:18.913Z",
                  "rotation_period": 86400, "rotation_statements": [], "username": "checkout"}}""");
        assertThat(rotated(looking.secret(ROLE).look()).get("rotatedAt")).isEqualTo("2026-10-01T17:24:18.913Z");
        assertThat(asked).containsOnlyKeys("/v1/database/static-roles/checkout");
    }

    @Test
    void a_role_that_was_never_rotated_has_no_age() throws Exception {
        answers.put("/v1/database/static-roles/checkout", "{\"data\": {\"db_name\": \"orders\"}}");
        only(looking.secret(ROLE).look(), "secretsWithoutAge");
    }

    @Test
    void a_secret_that_is_not_there_is_missing_and_one_that_may_not_be_read_is_an_error() throws Exception {
        only(looking.secret(KV).look(), "secretsMissing");
        status = 403;
        assertThat(only(looking.look(), "errors").title()).contains("Vault: it refuses our credentials (403)");
        status = 503;
        assertThat(only(looking.look(), "errors").title()).contains("503");
    }

    @Test
    void a_store_that_is_not_configured_or_does_not_answer_is_an_error() throws Exception {
        assertThat(only(looking.at(null, null).secret(KV).look(), "errors").title())
                .contains("no Vault is configured");
        server.stop(0);
        assertThat(only(looking.at(url, url).look(), "errors").title()).contains("cannot be reached");
    }

    private static String secret(String annotations, String managed) {
        return """
                {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": {
                  "name": "session", "namespace": "shop", "uid": "d9", "resourceVersion": "4711",
                  "creationTimestamp": "2026-01-05T08:00:00Z", "annotations": {%s},
                  "managedFields": [
                    {"manager": "labeller", "operation": "Update", "apiVersion": "v1", "time": "2026-11-23T08:00:00Z",
                     "fieldsType": "FieldsV1", "fieldsV1": {"f:metadata": {"f:labels": {}}}}%s]}}"""
                .formatted(annotations, managed);
    }

    private static final String DATA_WRITTEN =
            """
            , {"manager": "kubectl", "operation": "Update", "apiVersion": "v1", "time": "2026-09-01T08:00:00Z",
               "fieldsType": "FieldsV1", "fieldsV1": {"f:data": {"f:key": {}}, "f:type": {}}}""";

    @Test
    void of_a_kubernetes_secret_only_the_metadata_is_asked_for() throws Exception {
        answers.put("/api/v1/namespaces/shop/secrets/session", secret("", DATA_WRITTEN));
        assertThat(rotated(looking.secret(SESSION).look()).get("rotatedAt")).isEqualTo("2026-09-01T08:00:00Z");
        assertThat(asked.values())
                .singleElement()
                .asString()
                .startsWith("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1 ")
                .endsWith("Bearer ey.token");
    }

    @Test
    void without_managed_data_it_is_as_old_as_it_is_there() throws Exception {
        answers.put("/api/v1/namespaces/shop/secrets/session", secret("", ""));
        assertThat(rotated(looking.secret(SESSION).look()).get("rotatedAt")).isEqualTo("2026-01-05T08:00:00Z");
    }

    @Test
    void where_an_annotation_is_named_nothing_else_counts() throws Exception {
        String path = "/api/v1/namespaces/shop/secrets/session";
        answers.put(path, secret("\"ops.example/rotated-at\": \"2026-05-01T00:00:00+02:00\"", DATA_WRITTEN));
        assertThat(rotated(looking.secret(ANNOTATED).look()).get("rotatedAt")).isEqualTo("2026-04-30T22:00:00Z");
        answers.put(path, secret("", DATA_WRITTEN));
        assertThat(only(looking.look(), "secretsWithoutAge").title()).contains("annotation ops.example/rotated-at");
    }

    @Test
    void a_kubernetes_secret_that_is_not_there_is_missing_and_one_that_may_not_be_read_is_an_error() throws Exception {
        only(looking.secret(SESSION).look(), "secretsMissing");
        status = 403;
        assertThat(only(looking.look(), "errors").title()).contains("Kubernetes: it refuses our credentials (403)");
    }

    private static String tls(String type, String pem) {
        return """
                {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "edge", "namespace": "shop"}, "type": "%s",
                 "data": {"tls.crt": "%s", "tls.key": "bm90IGEga2V5"}}"""
                .formatted(type, Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void of_a_tls_secret_the_certificates_are_stated_and_never_the_key() throws Exception {
        Authority.Issued issued = Authority.root("Root")
                .issue("shop.example", NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(9)));
        answers.put("/api/v1/namespaces/shop/secrets/edge", tls("kubernetes.io/tls", Authority.pem(issued.chain())));
        Reading reading = looking.secret(TLS).look();
        assertThat(reading.findings()).isEmpty();
        assertThat((Map<?, ?>) ((List<?>) reading.details().get("certificates")).get(0))
                .satisfies(one -> {
                    assertThat(one.get("at")).isEqualTo("kubernetes shop/edge");
                    assertThat(one.get("notAfter"))
                            .isEqualTo(NOW.plus(Duration.ofDays(9)).toString());
                });
        assertThat(new String(looking.document(), StandardCharsets.UTF_8)).doesNotContain("bm90IGEga2V5", "not a key");
    }

    @ParameterizedTest(name = "{0} with {1}: {2}")
    @CsvSource({
        "Opaque, '', errors",
        "kubernetes.io/tls, '', secretsMissing",
        "kubernetes.io/tls, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', errors",
    })
    void a_tls_secret_without_a_certificate_is_no_pass(String type, String pem, String count) throws Exception {
        answers.put("/api/v1/namespaces/shop/secrets/edge", tls(type, pem));
        only(looking.secret(TLS).look(), count);
    }

    @Test
    void a_weak_certificate_in_a_tls_secret_is_weak() throws Exception {
        Authority.Issued issued = Authority.root("Root")
                .issue(
                        "shop.example",
                        NOW.minus(Duration.ofDays(1)),
                        NOW.plus(Duration.ofDays(9)),
                        Authority.rsa(1024),
                        "SHA256withECDSA",
                        KeyPurposeId.id_kp_serverAuth);
        answers.put("/api/v1/namespaces/shop/secrets/edge", tls("kubernetes.io/tls", Authority.pem(issued.chain())));
        only(looking.secret(TLS).look(), "weak");
    }
}
