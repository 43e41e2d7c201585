package dev.countersign.evidence.rotation;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Rotation;
import dev.countersign.catalog.Rotation.Endpoint;
import dev.countersign.catalog.Rotation.Secret;
import dev.countersign.evidence.EvidenceSource;
import dev.countersign.evidence.SourceUnavailable;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import org.springframework.stereotype.Component;

/**
 * Looks at the endpoints and asks for the ages of the secrets that a service declares. Nobody else can send such a document. From the sandbox nothing is connected to.
 */
@Component
class CertificateSource implements EvidenceSource {
    /** Of all releases together. */
    private static final int AT_ONCE = 16;
    /** Of the time that is given, so that what is late is still said. */
    private static final Duration RESERVE = Duration.ofMillis(500);

    private final Catalog catalog;
    private final RotationProperties properties;
    private final List<SecretCheck> stores;
    private final AllowedAddresses allowed;
    private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, daemon("certificate-check"));
    private final ScheduledExecutorService deadlines =
            Executors.newSingleThreadScheduledExecutor(daemon("certificate-deadline"));

    CertificateSource(Catalog catalog, RotationProperties properties, List<SecretCheck> stores) {
        this.catalog = catalog;
        this.properties = properties;
        this.stores = List.copyOf(stores);
        this.allowed = new AllowedAddresses(properties.allow(), properties.networks());
    }

    @Override
    public String name() {
        return "certificates";
    }

    /** Of a service below the critical tier that declares nothing there is nothing to say, again and again; of a critical one it is said that its file is missing. */
    @Override
    public Set<String> types(Asked asked) {
        String tier = asked.release().tier();
        boolean below = tier != null && !tier.equals("critical");
        boolean silent = asked.target().equals("sandbox")
                || (below && catalog.rotationOf(asked.release().service()).isEmpty());
        return silent ? Set.of() : Set.of(CertificateDocument.TYPE);
    }

    @Override
    public Answer fetch(Asked asked, Duration within) throws SourceUnavailable, InterruptedException {
        String service = asked.release().service();
        List<Rotation> declared = catalog.rotationOf(service);
        if (declared.isEmpty()) {
            return Answer.nothing("no approved file declares the endpoints and secrets of " + service);
        }
        long end = System.nanoTime() + within.minus(RESERVE).toNanos();
        EndpointCheck check = endpointCheck();
        List<Endpoint> endpoints =
                declared.stream().flatMap(one -> one.endpoints().stream()).toList();
        List<Secret> secrets =
                declared.stream().flatMap(one -> one.secrets().stream()).toList();
        List<Future<EndpointCheck.Seen>> looks = new ArrayList<>();
        endpoints.forEach(endpoint -> looks.add(threads.submit(() -> check.look(endpoint))));
        List<Future<SecretCheck.Seen>> ages = new ArrayList<>();
        secrets.forEach(secret -> ages.add(threads.submit(() -> look(secret))));
        return Answer.of(List.of(CertificateDocument.of(
                asked.release(),
                declared,
                Late.all(looks, endpoints, end, Fault.TIMED_OUT, EndpointCheck.Seen::failed),
                Late.all(ages, secrets, end, Fault.ERROR, SecretCheck.Seen::failed))));
    }

    private EndpointCheck endpointCheck() throws SourceUnavailable {
        try {
            return new EndpointCheck(
                    allowed,
                    new Handshake(deadlines),
                    new ChainCheck(TrustedRoots.with(properties.trustFile())),
                    properties.timeout());
        } catch (IOException unreadable) {
            throw new SourceUnavailable("the file of private roots cannot be read", unreadable);
        }
    }

    private SecretCheck.Seen look(Secret secret) throws InterruptedException {
        for (SecretCheck store : stores) {
            if (store.keeps(secret.store())) {
                return store.look(secret);
            }
        }
        return SecretCheck.Seen.failed(
                secret,
                Fault.ERROR,
                "no %s is configured (countersign.evidence.certificates)"
                        .formatted(secret.store().id().startsWith("vault") ? "Vault" : "Kubernetes"));
    }

    private static ThreadFactory daemon(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
        deadlines.shutdownNow();
    }
}
