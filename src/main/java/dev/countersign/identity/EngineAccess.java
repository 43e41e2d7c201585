package dev.countersign.identity;

import java.util.function.Function;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.impl.identity.Authentication;
import org.springframework.stereotype.Component;

/**
 * Asks the identity service in the platform's own name. Who is in a group decides rights, and must not depend on whether the
 * person who happens to be logged in may read users.
 */
@Component
class EngineAccess {
    private final IdentityService identity;

    EngineAccess(IdentityService identity) {
        this.identity = identity;
    }

    <T> T asPlatform(Function<IdentityService, T> question) {
        Authentication before = identity.getCurrentAuthentication();
        if (before == null) {
            return question.apply(identity);
        }
        identity.clearAuthentication();
        try {
            return question.apply(identity);
        } finally {
            identity.setAuthentication(before);
        }
    }
}
