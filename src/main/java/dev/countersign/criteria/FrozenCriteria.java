package dev.countersign.criteria;

import dev.countersign.criteria.CriteriaRepository.Agreed;
import dev.countersign.release.ClearanceCondition;
import dev.countersign.release.DossierPart;
import dev.countersign.release.Release;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** The agreed criteria as a part of the dossier. While none are agreed there is no such part, and no clearance. */
@Component
class FrozenCriteria implements Criteria, DossierPart, ClearanceCondition {
    private final CriteriaRepository repository;

    FrozenCriteria(CriteriaRepository repository) {
        this.repository = repository;
    }

    @Override
    public Optional<CriteriaSet> current(String releaseKey) {
        return repository.newest(releaseKey);
    }

    @Override
    public List<CriteriaSet> history(String releaseKey) {
        return repository.all(releaseKey);
    }

    @Override
    public boolean agreed(String releaseKey) {
        return repository.agreed(releaseKey);
    }

    @Override
    public Map<String, Object> of(Release release) {
        return repository
                .newestAgreed(release.key())
                .map(set -> Map.<String, Object>of("criteria", content(set)))
                .orElse(Map.of());
    }

    private static Map<String, Object> content(Agreed set) {
        var content = new TreeMap<String, Object>();
        content.put("version", set.version());
        content.put("digest", set.digest());
        content.put(
                "criteria",
                set.criteria().stream()
                        .map(criterion -> new TreeMap<>(Map.of(
                                "text", criterion.text(), "binding", criterion.binding(), "limit", criterion.limit())))
                        .toList());
        return content;
    }

    @Override
    public List<String> missing(Release release, String materialDigest) {
        return repository.agreed(release.key()) ? List.of() : List.of("the acceptance criteria are not agreed");
    }
}
