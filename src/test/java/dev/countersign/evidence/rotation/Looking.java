package dev.countersign.evidence.rotation;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Rotation;
import dev.countersign.catalog.Rotation.Endpoint;
import dev.countersign.catalog.Rotation.Secret;
import dev.countersign.evidence.EvidenceSource.Answer;
import dev.countersign.evidence.EvidenceSource.Asked;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Readers;
import dev.countersign.evidence.reader.Reading;
import dev.countersign.evidence.reader.Unreadable;
import dev.countersign.release.Release;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.util.unit.DataSize;

/** Looks at what a test declares, by the source itself, and reads its document with the reader. */
public final class Looking implements AutoCloseable {
    public static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<Secret> secrets = new ArrayList<>();
    private List<String> allow = List.of("localhost:1");
    private List<String> networks = List.of("127.0.0.0/8", "::1/128");
    private Path trust;
    private Duration timeout = Duration.ofSeconds(5);
    private URI vault;
    private URI kubernetes;
    private final List<AutoCloseable> open = new ArrayList<>();

    Looking endpoint(int port, String serverName) {
        endpoints.add(new Endpoint("edge-" + port, "localhost", port, serverName));
        List<String> more = new ArrayList<>(allow);
        more.add("localhost:" + port);
        allow = more;
        return this;
    }

    Looking secret(Secret secret) {
        secrets.add(secret);
        return this;
    }

    Looking allowing(List<String> hosts, List<String> some) {
        allow = hosts;
        networks = some;
        return this;
    }

    Looking trusting(Path file) {
        trust = file;
        return this;
    }

    Looking within(Duration time) {
        timeout = time;
        return this;
    }

    Looking at(URI oneVault, URI oneKubernetes) {
        vault = oneVault;
        kubernetes = oneKubernetes;
        return this;
    }

    private CertificateSource source() {
        var properties = new RotationProperties(
                allow,
                networks,
                trust,
                timeout,
                new RotationProperties.Vault(vault, vault == null ? null : "s.token", null, null, null),
                new RotationProperties.Kubernetes(kubernetes, kubernetes == null ? null : "ey.token", null, null),
                DataSize.ofMegabytes(1));
        List<SecretCheck> stores = new ArrayList<>();
        if (vault != null) {
            stores.add(new VaultAges(properties, CLOCK));
        }
        if (kubernetes != null) {
            stores.add(new KubernetesAges(properties, CLOCK));
        }
        Catalog catalog = mock(Catalog.class);
        when(catalog.rotationOf(any()))
                .thenReturn(
                        endpoints.isEmpty() && secrets.isEmpty()
                                ? List.of()
                                : List.of(new Rotation(
                                        "checkout", "checkout", "sha256:" + "d".repeat(64), null, endpoints, secrets)));
        CertificateSource source = new CertificateSource(catalog, properties, stores);
        open.add(source::stop);
        return source;
    }

    Answer answer() throws SourceUnavailable, InterruptedException {
        Release release = mock(Release.class);
        when(release.service()).thenReturn("checkout");
        when(release.version()).thenReturn("2.0.0");
        return source().fetch(new Asked(release, "production"), Duration.ofSeconds(10));
    }

    Set<String> types(String target, String tier) {
        Release release = mock(Release.class);
        when(release.service()).thenReturn("checkout");
        when(release.tier()).thenReturn(tier);
        return source().types(new Asked(release, target));
    }

    byte[] document() throws SourceUnavailable, InterruptedException, IOException {
        try (var body = answer().documents().get(0).body().open()) {
            return body.readAllBytes();
        }
    }

    public Reading look() throws SourceUnavailable, InterruptedException, IOException, Unreadable {
        byte[] document = document();
        return Readers.all().get(DocumentType.CERTIFICATE_CHECK).read(() -> new ByteArrayInputStream(document));
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }
}
