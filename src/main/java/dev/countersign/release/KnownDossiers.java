package dev.countersign.release;

import dev.countersign.release.Dossiers.Dossier;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The dossiers put together last, so that a dossier which has not changed is not put together again from a dozen tables. What is kept is found by the material digest that the
 * release's row holds now: a digest is the digest of one content only, so that neither another node nor a transaction that is rolled back can make it wrong.
 */
final class KnownDossiers {
    private static final int MOST = 500;

    private final Map<String, Dossier> byRelease = new LinkedHashMap<>(MOST, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Dossier> eldest) {
            return size() > MOST;
        }
    };

    synchronized Optional<Dossier> find(Release release) {
        return Optional.ofNullable(byRelease.get(release.key()))
                .filter(dossier -> dossier.digest().equals(release.materialDigest()));
    }

    /** Kept only where it is what the release's row says: otherwise somebody has changed a part and not told yet. */
    Dossier keep(Release release, Dossier dossier) {
        return dossier.digest().equals(release.materialDigest()) ? renew(dossier) : dossier;
    }

    synchronized Dossier renew(Dossier dossier) {
        byRelease.put(dossier.releaseKey(), dossier);
        return dossier;
    }
}
