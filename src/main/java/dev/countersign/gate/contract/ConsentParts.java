package dev.countersign.gate.contract;

import dev.countersign.release.DossierPart;
import dev.countersign.release.Release;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** {@code consents}: what consumers have answered, where any was asked. */
@Component
class ConsentParts implements DossierPart {
    private final ConsentRepository consents;

    ConsentParts(ConsentRepository consents) {
        this.consents = consents;
    }

    @Override
    public Map<String, Object> of(Release release) {
        List<Map<String, Object>> answered = consents.of(release.key()).stream()
                .filter(consent -> !consent.isOpen() && !"MOOT".equals(consent.answer()))
                .map(consent -> Map.<String, Object>of(
                        "consumer", consent.consumer(),
                        "comparison", consent.comparison(),
                        "answer", consent.answer(),
                        "person", consent.person()))
                .toList();
        return answered.isEmpty() ? Map.of() : Map.of("consents", answered);
    }
}
