package dev.countersign.evidence.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.VendorServer;
import dev.countersign.evidence.rotation.Authority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A system leads to a file on another host: over TLS, real connections to servers of the test on this machine. */
@Tag("M1.5")
class DownloadTests {
    private static final Authority ROOT = Authority.root("Root of the test");
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final Duration SOON = Duration.ofSeconds(2);
    private final VendorServer system = new VendorServer();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<String> looked = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpsServer files;
    private SSLContext trust;

    /** What a name leads to, one after the other: the last one from then on. */
    private List<List<InetAddress>> leadsTo = List.of(List.of(HERE));

    private Predicate<InetAddress> may = address -> true;
    private String answer = "whole";

    @BeforeEach
    void serve() throws Exception {
        Instant now = Instant.now();
        var issued = ROOT.issue("files.example", now.minusSeconds(3600), now.plusSeconds(3600));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(issued.keyStore(), new char[0]);
        SSLContext own = SSLContext.getInstance("TLS");
        own.init(keys.getKeyManagers(), null, null);
        files = HttpsServer.create(new InetSocketAddress(HERE, 0), 0);
        files.setHttpsConfigurator(new HttpsConfigurator(own));
        files.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "files");
            thread.setDaemon(true);
            return thread;
        }));
        files.createContext("/", this::answer);
        files.start();

        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("root", ROOT.certificate());
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(roots);
        trust = SSLContext.getInstance("TLS");
        trust.init(null, managers.getTrustManagers(), null);
    }

    @AfterEach
    void end() {
        over.countDown();
        files.stop(0);
        system.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        calls.add(exchange.getRequestHeaders().getFirst("Host") + " "
                + exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] file = "the file".getBytes(StandardCharsets.UTF_8);
        switch (answer) {
            case "cut off" -> exchange.sendResponseHeaders(200, file.length + 5L);
            case "stopping" -> exchange.sendResponseHeaders(200, 0);
            case "gone" -> exchange.sendResponseHeaders(410, -1);
            case "led on" -> {
                exchange.getResponseHeaders().set("Location", "https://127.0.0.1/");
                exchange.sendResponseHeaders(302, -1);
            }
            default -> exchange.sendResponseHeaders(200, file.length);
        }
        if (!List.of("gone", "led on").contains(answer)) {
            exchange.getResponseBody().write(file);
            exchange.getResponseBody().flush();
        }
        if (answer.equals("stopping")) {
            try {
                over.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
        exchange.close();
    }

    private Optional<byte[]> download(String host, long largest, Duration timeout) throws Exception {
        system.reply(
                "/artifact",
                302,
                Map.of(
                        "Location",
                        "https://%s:%d/file".formatted(host, files.getAddress().getPort())),
                new byte[0]);
        SystemApi api = new SystemApi(
                system.url(),
                () -> Map.of("Authorization", "Bearer secret"),
                timeout,
                largest,
                Clock.systemUTC(),
                trust,
                may,
                name -> {
                    looked.add(name);
                    return leadsTo.get(Math.min(looked.size(), leadsTo.size()) - 1)
                            .toArray(InetAddress[]::new);
                });
        return api.file("/artifact");
    }

    @Test
    void a_file_on_another_host_is_fetched_from_the_address_that_was_looked_at_without_our_credentials()
            throws Exception {
        assertThat(download("files.example", 1000, SOON).orElseThrow())
                .asString()
                .isEqualTo("the file");
        assertThat(calls)
                .containsExactly(
                        "files.example:%d null".formatted(files.getAddress().getPort()));
        assertThat(looked).containsExactly("files.example");
    }

    /** {@code localhost} is what the name leads to when it is asked for a second time, by whoever asks. */
    @Test
    void a_name_that_leads_elsewhere_when_it_is_asked_again_leads_nowhere() throws Exception {
        leadsTo = List.of(List.of(InetAddress.getByName("192.0.2.1")), List.of(HERE));
        may = CheckedAddress::isPublic;
        assertThatThrownBy(() -> download("localhost", 1000, Duration.ofMillis(300)))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessageStartingWith("it cannot be reached");
        assertThat(looked).hasSize(1);
        assertThat(calls).isEmpty();
    }

    @Test
    void a_name_with_one_address_of_our_own_network_among_others_is_not_followed() throws Exception {
        leadsTo = List.of(List.of(InetAddress.getByName("192.0.2.1"), HERE));
        may = CheckedAddress::isPublic;
        assertThatThrownBy(() -> download("files.example", 1000, SOON))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessageStartingWith("it leads to an address that is not followed");
        assertThat(calls).isEmpty();
    }

    @Test
    void the_certificate_is_that_of_the_name_wherever_it_leads() {
        assertThatThrownBy(() -> download("others.example", 1000, SOON))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessageContaining("others.example");
        assertThat(calls).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "cut off, ends after 8 of 13",
        "led on, redirect (302)",
        "whole, larger than 7",
    })
    void half_a_file_another_lead_and_too_much_are_no_file(String how, String reason) {
        answer = how;
        assertThatThrownBy(() -> download("files.example", how.equals("whole") ? 7 : 1000, SOON))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessageContaining(reason);
    }

    @Test
    void a_file_that_is_gone_is_none_and_one_that_never_ends_is_not_waited_for() throws Exception {
        answer = "gone";
        assertThat(download("files.example", 1000, SOON)).isEmpty();
        answer = "stopping";
        assertThatThrownBy(() -> download("files.example", 1000, Duration.ofMillis(700)))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessageStartingWith("it cannot be reached");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "1.1.1.1, true",
        "2606:4700:4700::1111, true",
        "172.32.0.1, true",
        "100.128.0.1, true",
        "127.0.0.1, false",
        "127.8.9.1, false",
        "0.0.0.0, false",
        "0.1.2.3, false",
        "10.0.0.1, false",
        "172.16.0.1, false",
        "172.31.255.255, false",
        "192.168.1.1, false",
        "169.254.169.254, false",
        "100.64.0.1, false",
        "100.127.255.255, false",
        "192.0.0.1, false",
        "198.18.0.1, false",
        "198.19.255.255, false",
        "224.0.0.1, false",
        "240.0.0.1, false",
        "255.255.255.255, false",
        "::1, false",
        "::, false",
        "fe80::1, false",
        "fec0::1, false",
        "fd00::5, false",
        "ff02::1, false",
        "::ffff:127.0.0.1, false",
        "::ffff:10.0.0.1, false",
        "64:ff9b::7f00:1, false",
        "2002:7f00:1::, false",
    })
    void what_is_nobodys_own_network(String address, boolean isPublic) throws Exception {
        assertThat(CheckedAddress.isPublic(InetAddress.getByName(address))).isEqualTo(isPublic);
    }
}
