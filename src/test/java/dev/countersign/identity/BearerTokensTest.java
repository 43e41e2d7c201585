package dev.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Tokens of a real issuer: its discovery document and keys come over HTTP, its signatures are made with its key. */
@Guarded
@Tag("D1")
class BearerTokensTest {
    private static final RSAKey KEY = key("current");
    private static final HttpServer ISSUER = issuer();
    private static final String ISSUED_BY =
            "http://127.0.0.1:" + ISSUER.getAddress().getPort();

    @LocalServerPort
    int port;

    @DynamicPropertySource
    static void oidc(DynamicPropertyRegistry properties) {
        properties.add("countersign.identity.oidc.issuer", () -> ISSUED_BY);
        properties.add("countersign.identity.oidc.audience", () -> "countersign");
        properties.add("countersign.identity.oidc.user-claim", () -> "preferred_username");
        properties.add("countersign.identity.oidc.roles.ci[0]", () -> "pipelines");
        properties.add("countersign.identity.oidc.roles.release-manager[0]", () -> "rm/checkout");
        properties.add("countersign.identity.oidc.roles.release-manager[1]", () -> "rm/cart");
        properties.add("countersign.identity.oidc.roles.auditor[0]", () -> "audit");
    }

    private static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (com.nimbusds.jose.JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static HttpServer issuer() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
            String own = "http://127.0.0.1:" + server.getAddress().getPort();
            answer(
                    server,
                    "/.well-known/openid-configuration",
                    "{\"issuer\": \"%s\", \"jwks_uri\": \"%s/keys\"}".formatted(own, own));
            answer(server, "/keys", new JWKSet(KEY).toString(true));
            server.start();
            return server;
        } catch (java.io.IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void answer(HttpServer server, String path, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    @AfterAll
    static void stop() {
        ISSUER.stop(0);
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUED_BY)
                .audience("countersign")
                .subject("b7c1")
                .claim("preferred_username", "pipeline-7")
                .claim("groups", List.of("pipelines", "everybody"))
                .issueTime(Date.from(Instant.now()))
                .expirationTime(Date.from(Instant.now().plusSeconds(300)));
    }

    private static String signed(JWTClaimsSet claims) throws Exception {
        return signed(claims, "JWT", JWSAlgorithm.RS256, "current", new RSASSASigner(KEY));
    }

    private static String signed(JWTClaimsSet claims, String type, JWSAlgorithm algorithm, String id, JWSSigner signer)
            throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(algorithm)
                        .keyID(id)
                        .type(new JOSEObjectType(type))
                        .build(),
                claims);
        token.sign(signer);
        return token.serialize();
    }

    private HttpResponse<String> call(String method, String path, String token) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .header("Authorization", "Bearer " + token)
                                .timeout(Duration.ofSeconds(30))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void a_token_of_the_issuer_acts_as_its_user_with_the_roles_of_its_groups_and_no_others() throws Exception {
        HttpResponse<String> answer = call("GET", "/api/sample", signed(claims().build()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode who = new ObjectMapper().readTree(answer.body());
        assertThat(who.path("actor").asText()).isEqualTo("pipeline-7");
        assertThat(who.path("groups"))
                .singleElement()
                .extracting(JsonNode::asText)
                .isEqualTo("ci");
        assertThat(who.path("engine").get(0).asText()).isEqualTo("pipeline-7");
        assertThat(call("POST", "/api/decide", signed(claims().build())).statusCode())
                .isEqualTo(200);
    }

    @Test
    void several_groups_may_have_a_role_and_an_access_token_may_say_its_type() throws Exception {
        String token = signed(
                claims().claim("groups", "rm/cart").build(),
                "at+jwt",
                JWSAlgorithm.PS256,
                "current",
                new RSASSASigner(KEY));
        assertThat(call("POST", "/api/decide", token).statusCode()).isEqualTo(200);
    }

    @Test
    void an_auditor_by_token_reads_and_changes_nothing() throws Exception {
        String token = signed(claims().claim("groups", List.of("audit")).build());
        assertThat(call("GET", "/api/sample", token).statusCode()).isEqualTo(200);
        assertThat(call("POST", "/api/sample", token).statusCode()).isEqualTo(403);
    }

    @Test
    void groups_without_a_role_give_nothing_not_even_reading() throws Exception {
        for (Object groups :
                new Object[] {List.of("everybody"), List.of(), "ci", List.of("admin", "camunda-admin"), 7, Map.of()}) {
            String token = signed(claims().claim("groups", groups).build());
            assertThat(call("GET", "/api/sample", token).statusCode())
                    .as("groups %s", groups)
                    .isEqualTo(401);
        }
        assertThat(call(
                                "GET",
                                "/api/sample",
                                signed(claims().claim("groups", null).build()))
                        .statusCode())
                .isEqualTo(401);
    }

    private void isRefused(String why, Consumer<JWTClaimsSet.Builder> change) throws Exception {
        JWTClaimsSet.Builder claims = claims();
        change.accept(claims);
        HttpResponse<String> answer = call("GET", "/api/sample", signed(claims.build()));
        assertThat(answer.statusCode()).as(why).isEqualTo(401);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
    }

    @Test
    void a_token_that_is_not_for_us_or_not_in_its_time_is_none() throws Exception {
        isRefused("another audience", claims -> claims.audience("another-client"));
        isRefused("no audience", claims -> claims.audience((String) null));
        isRefused("another issuer", claims -> claims.issuer("https://elsewhere.example"));
        isRefused(
                "expired",
                claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(120))));
        isRefused("for ever", claims -> claims.expirationTime(null));
        isRefused(
                "not yet",
                claims -> claims.notBeforeTime(Date.from(Instant.now().plusSeconds(120))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "countersign",
                "",
                "a b",
                "../x",
                "<script>",
                "x23456789012345678901234567890123456789012345678901234567890123456"
            })
    void a_user_that_is_none_is_refused(String user) throws Exception {
        isRefused("user " + user, claims -> claims.claim("preferred_username", user));
    }

    @Test
    void only_the_issuers_own_signature_counts() throws Exception {
        RSAKey other = key("current");
        String forged = signed(claims().build(), "JWT", JWSAlgorithm.RS256, "current", new RSASSASigner(other));
        assertThat(call("GET", "/api/sample", forged).statusCode()).isEqualTo(401);
        String unsigned = new PlainJWT(claims().build()).serialize();
        assertThat(call("GET", "/api/sample", unsigned).statusCode()).isEqualTo(401);
        // RFC 8725, 3.1: the issuer's public key as a shared secret.
        String shared = signed(
                claims().build(),
                "JWT",
                JWSAlgorithm.HS256,
                "current",
                new MACSigner(KEY.toRSAPublicKey().getEncoded()));
        assertThat(call("GET", "/api/sample", shared).statusCode()).isEqualTo(401);
        String good = signed(claims().build());
        String body = good.split("\\.")[1];
        String changed = good.replace(body, body.substring(0, body.length() - 2) + "AA");
        assertThat(call("GET", "/api/sample", changed).statusCode()).isEqualTo(401);
        assertThat(call("GET", "/api/sample", "not-a-token").statusCode()).isEqualTo(401);
    }

    @Test
    void a_webhooks_own_bearer_secret_is_left_to_it() throws Exception {
        assertThat(call("POST", "/api/webhooks/sample", "alertmanager-0123456789abcdef0123")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void pages_take_no_token() throws Exception {
        HttpResponse<String> answer = call("GET", "/sample", signed(claims().build()));
        assertThat(answer.statusCode()).isEqualTo(302);
    }

    @Test
    void a_password_is_taken_beside_it() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/sample"))
                                .header(
                                        "Authorization",
                                        "Basic "
                                                + java.util.Base64.getEncoder()
                                                        .encodeToString("qa:qa".getBytes(StandardCharsets.UTF_8)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "http://issuer.example, countersign, ci, issuer must be https",
        "https://issuer.example, , ci, audience",
        "https://issuer.example, countersign, , roles",
        "https://issuer.example, countersign, admin, 'no role ''admin'' to give'",
        "https://issuer.example, countersign, reviewer, 'no role ''reviewer'' to give'",
        ", countersign, ci, needs issuer"
    })
    void settings_that_let_in_more_than_was_meant_keep_the_platform_from_starting(
            URI issuer, String audience, String role, String why) {
        Map<String, List<String>> roles = role == null ? Map.of() : Map.of(role, List.of("group"));
        assertThatThrownBy(() -> new OidcSettings(issuer, null, audience, "sub", "groups", roles))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void without_an_issuer_there_are_no_tokens() {
        assertThat(new OidcSettings(null, null, null, "sub", "groups", null).isConfigured())
                .isFalse();
    }
}
