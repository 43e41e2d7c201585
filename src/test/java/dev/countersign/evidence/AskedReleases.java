package dev.countersign.evidence;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.evidence.EvidenceSource.Asked;
import dev.countersign.release.Release;
import dev.countersign.release.Release.Artifact;
import dev.countersign.release.ReleaseState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Releases that connectors are asked about. */
public final class AskedReleases {
    public static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    public static final Instant START = Instant.parse("2026-12-01T20:00:00Z");
    public static final Instant END = Instant.parse("2026-12-01T22:00:00Z");

    private AskedReleases() {}

    public static Asked asked(String rfc) {
        return new Asked(
                new Release(
                        "checkout@2.0.0",
                        "checkout",
                        "2.0.0",
                        1,
                        "standard",
                        ReleaseState.GATES,
                        false,
                        "critical",
                        "team-storefront",
                        "release-manager",
                        "One-page checkout",
                        "production",
                        COMMIT,
                        null,
                        List.of("developer"),
                        List.of(new Artifact("checkout", "sha256:" + "a".repeat(64))),
                        Map.of(),
                        START,
                        END,
                        List.of(),
                        rfc,
                        List.of(),
                        "policy",
                        null,
                        START.minusSeconds(86_400),
                        START.minusSeconds(86_400)),
                "production");
    }

    public static Catalog catalog(Map<String, String> annotations) {
        Catalog catalog = mock(Catalog.class);
        when(catalog.service(any()))
                .thenReturn(Optional.of(new Service(
                        "checkout",
                        "Checkout",
                        "",
                        "team-storefront",
                        "team-storefront",
                        "commerce",
                        "critical",
                        "production",
                        "on-call",
                        false,
                        List.of(),
                        annotations,
                        "storefront.yaml")));
        return catalog;
    }
}
