package dev.countersign.gate;

import dev.countersign.gate.LicenceExpression.Licence;
import dev.countersign.gate.LicenceExpression.Ruling;
import dev.countersign.gate.LicenceExpression.Standing;
import dev.countersign.workflow.Decisions;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Asks the table {@code licence-policy}, which legal owns, in the version that a release runs under. */
@Component
class LicencePolicy {
    static final String TABLE = "licence-policy";
    private final Decisions decisions;
    private final Remembered<Ruling> rulings = new Remembered<>();

    LicencePolicy(Decisions decisions) {
        this.decisions = decisions;
    }

    boolean isThere(String policy) {
        return decisions.knows(policy, TABLE);
    }

    String version(String policy) {
        return decisions
                .ask(policy, TABLE, facts(new Licence("NOASSERTION", Licence.NO_EXCEPTION)))
                .version();
    }

    /** @param text as the document states it */
    Ruling ruling(String policy, String text) {
        return rulings.of(
                List.of(policy, text), () -> LicenceExpression.of(text).ruling(licence -> asked(policy, licence)));
    }

    private Ruling asked(String policy, Licence licence) {
        List<Map<String, Object>> rows =
                decisions.ask(policy, TABLE, facts(licence)).rows();
        if (rows.isEmpty()) {
            return new Ruling(Standing.DENIED, licence.toString(), "no row of the table knows it");
        }
        Map<String, Object> row = rows.get(0);
        Standing standing =
                switch (String.valueOf(row.get("standing"))) {
                    case "allowed" -> Standing.ALLOWED;
                    case "advise" -> Standing.ADVISE;
                    // A typing error must not let anything pass.
                    default -> Standing.DENIED;
                };
        return new Ruling(standing, licence.toString(), String.valueOf(row.get("rule")));
    }

    private static Map<String, Object> facts(Licence licence) {
        return Map.of("licence", licence.id(), "family", licence.family(), "exception", licence.exception());
    }
}
