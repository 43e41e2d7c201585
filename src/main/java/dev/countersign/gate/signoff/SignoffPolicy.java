package dev.countersign.gate.signoff;

import dev.countersign.release.Release;
import dev.countersign.workflow.Decisions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Asks the table {@code required-signoffs} in the version that the release runs under. */
@Component
class SignoffPolicy {
    private final Decisions decisions;

    SignoffPolicy(Decisions decisions) {
        this.decisions = decisions;
    }

    /** @param group whose people sign */
    record Required(String name, boolean required, String group, String rule) {}

    /** Everything the table names, each once; required stands over not-applicable. */
    List<Required> all(Release release) {
        Map<String, Object> facts = new HashMap<>(release.changes());
        facts.put("kind", release.kind());
        facts.put("tier", release.tier() == null ? "critical" : release.tier());
        Map<String, Required> named = new LinkedHashMap<>();
        decisions.ask(release.policy(), "required-signoffs", facts).rows().forEach(row -> {
            var one = new Required(
                    String.valueOf(row.get("signoff")),
                    !"not-applicable".equals(row.get("required")),
                    String.valueOf(row.get("group")),
                    String.valueOf(row.get("rule")));
            named.merge(one.name(), one, (a, b) -> a.required() ? a : b);
        });
        return List.copyOf(named.values());
    }

    List<Required> required(Release release) {
        return all(release).stream().filter(Required::required).toList();
    }
}
