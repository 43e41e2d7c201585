package dev.countersign.rollout.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

@Tag("M3.1")
class GatewayPropertiesTests {
    private static GatewayProperties bind(Map<String, String> more) {
        Map<String, String> keys = new HashMap<>(Map.of(
                "services.checkout.namespace", "shop",
                "services.checkout.route", "checkout",
                "services.checkout.stable", "checkout",
                "services.checkout.candidate", "checkout-candidate"));
        keys.putAll(more);
        Map<String, String> properties = new HashMap<>();
        keys.forEach((key, value) -> properties.put("countersign.rollout.gateway." + key, value));
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("countersign.rollout.gateway", GatewayProperties.class);
    }

    @Test
    void what_is_left_out_is_what_a_pod_finds() {
        GatewayProperties properties = bind(Map.of());
        assertThat(properties.url()).isEqualTo(URI.create("https://kubernetes.default.svc"));
        assertThat(properties.tokenFile()).isEqualTo(Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token"));
        assertThat(properties.caFile()).isEqualTo(Path.of("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"));
        assertThat(properties.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(properties.services().get("checkout").stableBackend())
                .isEqualTo(new Backend("shop", "checkout", null));
        assertThat(bind(Map.of("services.checkout.candidate", "canary/checkout:8443"))
                        .services()
                        .get("checkout")
                        .candidateBackend())
                .isEqualTo(new Backend("canary", "checkout", 8443));
    }

    @Test
    void without_services_there_is_no_such_router() {
        GatewayProperties none = new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate("countersign.rollout.gateway", GatewayProperties.class);
        assertThat(new GatewayRouter(none).serves("checkout")).isFalse();
        assertThat(new GatewayRouter(bind(Map.of())).serves("checkout")).isTrue();
        assertThat(new GatewayRouter(bind(Map.of())).serves("search")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "url, http://kubernetes.example",
        "url, http://127.0.0.1.example.com",
        "url, http://169.254.169.254",
        "url, https://user:secret@kubernetes.example",
        "url, https://kubernetes.example/?a=b",
        "url, file:///etc/passwd",
        "timeout, PT0S",
        "timeout, PT11S",
        "max-response, 0B",
        "services.checkout.namespace, shop/../kube-system",
        "services.checkout.namespace, Shop",
        "services.checkout.route, checkout/status",
        "services.checkout.route, ..",
        "services.checkout.stable, shop/checkout/8080",
        "services.checkout.candidate, checkout",
        "services.checkout.candidate, shop/checkout:9090",
        "services.checkout.rule-index, -1",
    })
    void what_cannot_be_meant_stops_the_start(String key, String value) {
        assertThatThrownBy(() -> bind(Map.of(key, value)))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("countersign.rollout.gateway." + key.replace("checkout", "*"))
                .hasMessageNotContaining("secret");
    }

    @Test
    void a_rule_is_named_in_one_way() {
        assertThatThrownBy(() -> bind(Map.of("services.checkout.rule", "a", "services.checkout.rule-path", "/a")))
                .rootCause()
                .hasMessageContaining("exclude each other");
        assertThatThrownBy(() -> bind(Map.of("services.search.namespace", "shop")))
                .rootCause()
                .hasMessageContaining("route must be named");
    }
}
