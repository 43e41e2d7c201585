package dev.countersign.rollout.gateway;

import static dev.countersign.rollout.gateway.KubernetesServer.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.rollout.gateway.GatewayProperties.Split;
import dev.countersign.rollout.gateway.KubernetesServer.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

@Tag("M3.1")
class GatewayRouterTests {
    private static final String REFS = "/spec/rules/1/backendRefs";
    /** Of calls that are not to succeed; those that are have {@link #PATIENT}. */
    private static final Duration SHORT = Duration.ofMillis(350);

    private static final Duration PATIENT = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 4;

    @TempDir
    Path folder;

    private Path token;
    private KubernetesServer server;
    private GatewayRouter router;

    @BeforeEach
    void start() throws IOException {
        token = Files.writeString(folder.resolve("token"), "first-token\n");
        server = new KubernetesServer(text());
        router = router(split(null, null, null), PATIENT);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String text() throws IOException {
        try (InputStream file = GatewayRouterTests.class.getResourceAsStream("/gateway/checkout.json")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Split split(String rule, Integer index, String path) {
        return new Split("shop", "checkout", rule, index, path, "checkout", "checkout-candidate");
    }

    private GatewayRouter router(Split split, Duration timeout) {
        return router(server.url(), split, timeout);
    }

    private GatewayRouter router(URI url, Split split, Duration timeout) {
        return new GatewayRouter(new GatewayProperties(
                url, token, folder.resolve("ca.crt"), timeout, DataSize.ofKilobytes(64), Map.of("checkout", split)));
    }

    private GatewayRouter hurried() {
        return router(split(null, null, null), SHORT);
    }

    /** Once more where the machine was too busy for an answer within {@link #SHORT}: then the words are those of the time-out. */
    private static void refused(ThrowingCallable call, String... words) {
        for (int attempt = 1; true; attempt++) {
            try {
                assertThatThrownBy(call).isInstanceOf(IOException.class).hasMessageContainingAll(words);
                return;
            } catch (AssertionError other) {
                if (attempt == ATTEMPTS) {
                    throw other;
                }
            }
        }
    }

    private JsonNode weight(String backend) {
        for (JsonNode ref : server.route().at(REFS)) {
            if (ref.path("name").asText().equals(backend)) {
                return ref.path("weight");
            }
        }
        throw new AssertionError("no backend " + backend);
    }

    private static ArrayNode refs(ObjectNode route) {
        return (ArrayNode) route.at(REFS);
    }

    private static void weigh(ObjectNode route, int place, int weight) {
        ((ObjectNode) refs(route).get(place)).put("weight", weight);
    }

    @ParameterizedTest
    @CsvSource({"0.05, 19, 1", "0.1, 9, 1", "0.25, 3, 1", "1, 0, 1"})
    void a_share_is_set_and_read_back_and_set_once(double share, int stable, int candidate) throws IOException {
        router.setShare("checkout", share);
        router.setShare("checkout", share);

        assertThat(weight("checkout").asInt()).isEqualTo(stable);
        assertThat(weight("checkout-candidate").asInt()).isEqualTo(candidate);
        assertThat(router.readShare("checkout")).isCloseTo(share, within(1e-12));
        assertThat(router.reservation("checkout")).isEmpty();
        assertThat(router.arrived("checkout")).isEmpty();
        assertThat(router.isProvenByMetrics()).isTrue();
        assertThat(server.patchesSent()).isEqualTo(1);

        router.setShare("checkout", 0);
        assertThat(weight("checkout-candidate").asInt()).isZero();
        assertThat(weight("checkout").asInt()).isPositive();
        assertThat(router.readShare("checkout")).isZero();
    }

    @Test
    void nothing_but_the_two_weights_is_changed() throws IOException {
        ObjectNode before = server.route();
        router.setShare("checkout", 0.05);

        ObjectNode after = server.route();
        weigh(before, 1, 19);
        weigh(before, 2, 1);
        assertThat(after.path("spec")).isEqualTo(before.path("spec"));
        for (String kept : List.of("labels", "annotations", "managedFields", "uid")) {
            assertThat(after.path("metadata").path(kept))
                    .isEqualTo(before.path("metadata").path(kept));
        }
        List<String> paths = new ArrayList<>();
        server.patches
                .get(0)
                .forEach(operation -> paths.add(operation.path("path").asText()));
        assertThat(paths).containsExactly("/metadata/resourceVersion", REFS + "/1/weight", REFS + "/2/weight");
    }

    @Test
    void an_absent_weight_is_one() throws IOException {
        assertThat(weight("checkout").isMissingNode()).isTrue();
        server.edit(route -> ((ObjectNode) refs(route).get(2)).remove("weight"));
        assertThat(router.readShare("checkout")).isEqualTo(0.5);
        router.setShare("checkout", 0.5);
        assertThat(server.patchesSent()).isZero();
    }

    @Test
    void a_share_is_believed_when_the_controller_has_seen_it() throws IOException {
        server.lag = 3;
        router.setShare("checkout", 0.1);
        assertThat(server.calls).hasSize(2);

        assertThat(router.readShare("checkout")).isCloseTo(0.1, within(1e-12));
        assertThat(server.calls).hasSize(5);
    }

    @Test
    void a_share_that_the_controller_does_not_confirm_is_not_there_and_goes_no_further() throws IOException {
        server.lag = KubernetesServer.NEVER;
        router.setShare("checkout", 0.1);

        refused(
                () -> hurried().readShare("checkout"),
                "give 0.1000, which is not confirmed",
                "Accepted of generation 1, not 2");
        refused(() -> hurried().setShare("checkout", 0.5), "its weights were left as they are");
        assertThat(weight("checkout-candidate").asInt()).isEqualTo(1);
        assertThat(server.patchesSent()).isEqualTo(1);

        // Back is set all the same, and not said to be there before it is.
        hurried().setShare("checkout", 0);
        assertThat(weight("checkout-candidate").asInt()).isZero();
        refused(() -> hurried().readShare("checkout"), "give 0.0000, which is not confirmed", "generation 1, not 3");
        server.report();
        assertThat(router.readShare("checkout")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "Accepted, False no such listener",
        "Accepted, Unknown pending",
        "ResolvedRefs, False no such service",
    })
    void a_condition_that_is_not_true_stops_the_way_forward_but_not_the_way_back(String type, String said)
            throws IOException {
        router.setShare("checkout", 0.1);
        server.conditions.put(type, said);
        server.report();

        String words = "example.net/gateway-controller: %s is %s (Told: %s)".formatted(type, said.split(" ")[0], said);
        refused(() -> hurried().setShare("checkout", 0.5), "is in doubt", words);
        refused(() -> hurried().readShare("checkout"), words);
        assertThat(weight("checkout-candidate").asInt()).isEqualTo(1);

        hurried().setShare("checkout", 0);
        assertThat(weight("checkout-candidate").asInt()).isZero();
        assertThat(router.readShare("checkout")).isZero();
        assertThat(router.reservation("checkout")).contains(words);
    }

    @Test
    void a_condition_that_fails_only_after_the_change_takes_the_share_away() throws IOException {
        server.conditions.put("ResolvedRefs", "False no such service");
        router.setShare("checkout", 0.1);
        refused(() -> hurried().readShare("checkout"), "ResolvedRefs is False");
    }

    @Test
    void a_controller_that_may_serve_an_older_route_confirms_nothing() throws IOException {
        router.setShare("checkout", 0.1);
        server.conditions.put("PartiallyInvalid", "True an older one is served");
        server.report();
        refused(() -> hurried().readShare("checkout"), "PartiallyInvalid");
        hurried().setShare("checkout", 0);
        assertThat(weight("checkout-candidate").asInt()).isZero();
        refused(() -> hurried().readShare("checkout"), "PartiallyInvalid");
    }

    @Test
    void each_parent_must_confirm() throws IOException {
        server.edit(
                route -> ((ArrayNode) route.at("/spec/parentRefs")).addObject().put("name", "internal"));
        router.setShare("checkout", 0.1);
        assertThat(router.readShare("checkout")).isCloseTo(0.1, within(1e-12));

        server.edit(route -> ((ArrayNode) route.at("/status/parents")).remove(1));
        refused(() -> hurried().readShare("checkout"), "no controller reports on parent internal");
        server.edit(route -> ((ObjectNode) route.path("spec")).remove("parentRefs"));
        refused(() -> hurried().readShare("checkout"), "the route has no parent");
        hurried().setShare("checkout", 0);
        assertThat(weight("checkout-candidate").asInt()).isZero();
    }

    @Test
    void a_condition_that_is_left_out_confirms_nothing() throws IOException {
        server.conditions.remove("ResolvedRefs");
        server.report();
        refused(() -> hurried().setShare("checkout", 0.1), "does not report ResolvedRefs");
        assertThat(server.patchesSent()).isZero();
    }

    @Test
    void what_somebody_else_changed_meanwhile_is_read_again_and_kept() throws IOException {
        server.inBetween = route -> {
            server.inBetween = null;
            route.withObject("/metadata/annotations").put("example.net/theirs", "yes");
            refs(route).insertObject(0).put("name", "extra").put("port", 1).put("weight", 0);
        };
        router.setShare("checkout", 0.1);

        assertThat(server.patchesSent()).isEqualTo(2);
        assertThat(weight("checkout").asInt()).isEqualTo(9);
        assertThat(weight("checkout-candidate").asInt()).isEqualTo(1);
        assertThat(weight("extra").asInt()).isZero();
        assertThat(server.route()
                        .at("/metadata/annotations/example.net~1theirs")
                        .asText())
                .isEqualTo("yes");
        assertThat(router.readShare("checkout")).isCloseTo(0.1, within(1e-12));
    }

    @Test
    void a_route_that_changes_again_and_again_is_given_up() {
        server.inBetween = route -> route.withObject("/metadata/labels").put("hash", String.valueOf(System.nanoTime()));
        refused(() -> router.setShare("checkout", 0.1), "changed again and again", "409");
        assertThat(server.patchesSent()).isEqualTo(8);
    }

    @Test
    void a_patch_whose_places_are_gone_is_made_anew() throws IOException {
        server.inBetween = route -> {
            server.inBetween = null;
            ((ArrayNode) route.at("/spec/rules")).remove(0);
        };
        router.setShare("checkout", 0.1);
        assertThat(server.patchesSent()).isEqualTo(2);
        assertThat(server.route().at("/spec/rules/0/backendRefs/2/weight").asInt())
                .isEqualTo(1);
        assertThat(router.readShare("checkout")).isCloseTo(0.1, within(1e-12));
    }

    @Test
    void weights_that_the_server_does_not_allow_are_not_tried_again() throws IOException {
        server.answers.add(Answer.of(200, KubernetesServer.JSON.writeValueAsString(server.route())));
        server.answers.add(failure(422, "Invalid", "admission webhook denied the request"));
        refused(() -> router.setShare("checkout", 0.1), "(422): admission webhook denied");
        assertThat(server.patchesSent()).isEqualTo(1);
    }

    @Test
    void a_change_whose_answer_was_lost_is_found_done() throws IOException {
        server.answers.add(Answer.of(200, KubernetesServer.JSON.writeValueAsString(server.route())));
        server.answers.add(new Answer(500, "", Map.of(), true));
        router.setShare("checkout", 0.1);
        assertThat(server.patchesSent()).isEqualTo(2);
        assertThat(server.patches).hasSize(2);
        assertThat(server.route().at("/metadata/generation").asInt()).isEqualTo(2);
        assertThat(router.readShare("checkout")).isCloseTo(0.1, within(1e-12));
    }

    @Test
    void a_rule_is_found_by_its_name_its_place_or_its_path() throws IOException {
        for (Split split :
                List.of(split("checkout", null, null), split(null, 1, null), split(null, null, "/checkout"))) {
            router(split, PATIENT).setShare("checkout", 0.1);
            assertThat(router(split, PATIENT).readShare("checkout")).isCloseTo(0.1, within(1e-12));
            router(split, PATIENT).setShare("checkout", 0);
        }
        for (Split split : List.of(split("gone", null, null), split(null, 2, null), split(null, null, "/gone"))) {
            refused(() -> router(split, SHORT).setShare("checkout", 0.1), "0 rules that fit");
        }
        refused(() -> router(split("pages", null, null), SHORT).readShare("checkout"), "does not name shop/checkout");
        server.edit(route -> ((ArrayNode) route.at("/spec/rules"))
                .add(route.at("/spec/rules/1").deepCopy()));
        refused(() -> hurried().setShare("checkout", 0.1), "2 rules that fit");
        assertThat(router(split(null, 1, null), PATIENT).readShare("checkout")).isZero();
    }

    @Test
    void a_service_at_two_ports_is_told_by_its_port() throws IOException {
        server.edit(route -> refs(route)
                .addObject()
                .put("name", "checkout")
                .put("port", 9090)
                .put("weight", 0));
        refused(() -> hurried().setShare("checkout", 0.1), "names shop/checkout twice");
        Split exact = new Split("shop", "checkout", null, null, null, "checkout:8080", "shop/checkout-candidate:8080");
        router(exact, PATIENT).setShare("checkout", 0.1);
        assertThat(router(exact, PATIENT).readShare("checkout")).isCloseTo(0.1, within(1e-12));
        router(exact, PATIENT).setShare("checkout", 0);
        Split elsewhere = new Split("shop", "checkout", null, 1, null, "checkout:8080", "other/checkout-candidate");
        refused(() -> router(elsewhere, SHORT).setShare("checkout", 0.1), "does not name other/checkout-candidate");
    }

    @Test
    void a_third_backend_with_traffic_stops_the_way_forward_and_keeps_its_proportion_on_the_way_back()
            throws IOException {
        router.setShare("checkout", 0.1);
        server.edit(route -> weigh(route, 0, 27));

        refused(() -> hurried().setShare("checkout", 0.5), "spare, which is neither stable nor candidate");
        refused(() -> hurried().readShare("checkout"), "spare, which is neither stable nor candidate");
        router.setShare("checkout", 0);
        assertThat(router.readShare("checkout")).isZero();
        assertThat(weight("checkout").asInt()).isEqualTo(9);
        assertThat(weight("spare").asInt()).isEqualTo(27);
    }

    @Test
    void a_candidate_that_traffic_reaches_beside_the_split_is_found() throws IOException {
        server.edit(route -> ((ArrayNode) route.at("/spec/rules/0/backendRefs"))
                .addObject()
                .put("name", "checkout-candidate")
                .put("port", 8080));
        refused(() -> hurried().setShare("checkout", 0.1), "Rule 0", "beside the split");
        assertThat(server.patchesSent()).isZero();
        refused(() -> hurried().readShare("checkout"), "beside the split");
    }

    @Test
    void a_candidate_that_was_taken_out_of_the_rule_has_no_share_and_gets_none() throws IOException {
        router.setShare("checkout", 1);
        server.edit(route -> refs(route).remove(2));
        refused(() -> hurried().setShare("checkout", 0.1), "does not name shop/checkout-candidate");
        router.setShare("checkout", 0);
        assertThat(weight("checkout").asInt()).as("somebody must answer").isEqualTo(1);
        assertThat(router.readShare("checkout")).isZero();
    }

    @Test
    void a_rule_that_sends_nothing_to_stable_has_no_share_of_zero() {
        server.edit(route -> weigh(route, 1, 0));
        refused(() -> hurried().readShare("checkout"), "sends nothing to shop/checkout");
        server.edit(route -> ((ObjectNode) refs(route).get(1)).put("weight", "many"));
        refused(() -> hurried().readShare("checkout"), "has the weight \"many\"");
    }

    @Test
    void a_token_is_read_anew_for_each_call_and_never_printed() throws IOException {
        server.token = "second-token";
        refused(() -> router.setShare("checkout", 0), "does not accept our token (401)");
        assertThat(server.calls).hasSize(1);
        Files.writeString(token, "second-token");
        router.setShare("checkout", 0.1);

        Files.writeString(token, "a secret\nof two lines");
        assertThatThrownBy(() -> router.readShare("checkout"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has no token")
                .hasMessageNotContaining("secret")
                .hasStackTraceContaining("KubernetesApi")
                .satisfies(failed -> assertThat(failed.toString()).doesNotContain("secret"));
        Files.delete(token);
        refused(() -> router.readShare("checkout"), "token's file cannot be read");
    }

    @Test
    void refusals_are_told_apart() {
        server.answers.add(failure(403, "Forbidden", "User \"x\" cannot patch\nresource"));
        refused(() -> router.setShare("checkout", 0), "may not do this (403): User \"x\" cannot patch resource");
        server.answers.add(failure(404, "NotFound", "httproutes \"checkout\" not found"));
        refused(() -> router.setShare("checkout", 0), "The route is gone (404)");
        server.answers.add(Answer.of(404, "404 page not found\n"));
        refused(() -> router.setShare("checkout", 0), "does not know HTTPRoutes of gateway.networking.k8s.io/v1");
        server.answers.add(Answer.of(307, "", "Location", server.url() + "/elsewhere"));
        refused(() -> router.setShare("checkout", 0), "redirect (307), which is not followed");
        server.answers.add(Answer.of(200, "{\"filler\": \"" + "x".repeat(70_000) + "\"}"));
        refused(() -> router.setShare("checkout", 0), "larger than 65536 bytes");
        server.answers.add(Answer.of(200, "{\"apiVersion\": \"gateway"));
        refused(() -> router.setShare("checkout", 0), "not JSON");
        server.answers.add(
                Answer.of(200, "{\"apiVersion\": \"gateway.networking.k8s.io/v1beta1\", \"kind\": \"HTTPRoute\"}"));
        refused(() -> router.setShare("checkout", 0), "v1beta1", "not an HTTPRoute of gateway.networking.k8s.io/v1");
        server.answers.add(
                Answer.of(200, "{\"apiVersion\": \"gateway.networking.k8s.io/v1\", \"kind\": \"HTTPRoute\"}"));
        refused(() -> router.setShare("checkout", 0), "no resourceVersion");
        server.answers.add(Answer.of(418, "tea"));
        refused(() -> router.setShare("checkout", 0), "answered 418");
        assertThat(server.calls).hasSize(9).allMatch(call -> call.equals("GET " + KubernetesServer.PATH));
        refused(() -> router.setShare("search", 0), "No route of the Gateway API is configured for search");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void what_passes_is_tried_again_a_few_times(int code) throws IOException {
        server.answers.add(Answer.of(code, "", "Retry-After", "0"));
        server.answers.add(Answer.of(code, ""));
        router.setShare("checkout", 0.1);
        assertThat(weight("checkout-candidate").asInt()).isEqualTo(1);

        server.calls.clear();
        for (int count = 0; count < 10; count++) {
            server.answers.add(Answer.of(code, ""));
        }
        refused(() -> router.setShare("checkout", 0), String.valueOf(code));
        assertThat(server.calls).hasSize(4);
    }

    @Test
    void a_rest_that_is_longer_than_the_time_left_is_not_waited_for() {
        server.answers.add(Answer.of(429, "", "Retry-After", "60"));
        refused(() -> router.setShare("checkout", 0), "asked too often (429)");
        assertThat(server.calls).hasSize(1);
    }

    @Test
    void a_server_that_is_silent_or_gone_has_not_answered() {
        server.answers.add(new Answer(0, "", Map.of(), false));
        refused(() -> hurried().readShare("checkout"), "The API server at 127.0.0.1", "No complete answer");
        GatewayRouter toNobody = hurried();
        server.close();
        refused(() -> toNobody.setShare("checkout", 0), "The API server at 127.0.0.1");
    }

    @Test
    void a_certificate_counts_when_the_authority_of_the_file_signed_it() throws Exception {
        Authority ours = new Authority(folder, "ours");
        Authority theirs = new Authority(folder, "theirs");
        Path ca = folder.resolve("ca.crt");
        try (KubernetesServer secure = new KubernetesServer(text(), ours.server())) {
            GatewayRouter safe = router(secure.url(), split(null, null, null), PATIENT);
            refused(() -> safe.setShare("checkout", 0.1), "file of its authorities cannot be read");
            Files.writeString(ca, "none");
            refused(() -> safe.setShare("checkout", 0.1), "authorities");
            Files.writeString(ca, theirs.certificate());
            refused(() -> safe.setShare("checkout", 0.1), "The API server at 127.0.0.1", "certification path");
            assertThat(secure.calls).isEmpty();

            Files.writeString(ca, theirs.certificate() + ours.certificate());
            safe.setShare("checkout", 0.1);
            assertThat(safe.readShare("checkout")).isCloseTo(0.1, within(1e-12));
        }
    }
}
