package dev.countersign.workflow;

import java.util.List;
import org.camunda.bpm.engine.impl.db.AuthorizationCheck;
import org.camunda.bpm.engine.impl.db.CompositePermissionCheck;
import org.camunda.bpm.engine.impl.db.PermissionCheck;
import org.camunda.bpm.engine.impl.interceptor.Session;
import org.camunda.bpm.engine.impl.interceptor.SessionFactory;
import org.camunda.bpm.engine.impl.persistence.entity.AuthorizationManager;

/**
 * Asks the database once whether somebody may do something. The engine asks three times: which groups have any authorization at all, whether a revocation
 * concerns this person, and then the question itself. Here the question names all groups of the person and always honours revocations.
 */
public class OneQuestionAuthorizations extends AuthorizationManager {
    static SessionFactory sessions() {
        return new SessionFactory() {
            @Override
            public Class<?> getSessionType() {
                return AuthorizationManager.class;
            }

            @Override
            public Session openSession() {
                return new OneQuestionAuthorizations();
            }
        };
    }

    /** A group without an authorization matches none: leaving it in changes no answer. */
    @Override
    public List<String> filterAuthenticatedGroupIds(List<String> groups) {
        return groups == null ? List.of() : List.copyOf(groups);
    }

    @Override
    public boolean isAuthorized(String user, List<String> groups, PermissionCheck check) {
        return isAuthorized(user, groups, createCompositePermissionCheck(check));
    }

    @Override
    public boolean isAuthorized(String user, List<String> groups, CompositePermissionCheck checks) {
        if (!isAuthorizationEnabled()) {
            return true;
        }
        for (PermissionCheck check : checks.getAllPermissionChecks()) {
            if (!isResourceValidForPermission(check)) {
                throw LOG.invalidResourceForPermission(
                        check.getResource().resourceName(),
                        check.getPermission().getName());
            }
        }
        return getDbEntityManager()
                .selectBoolean(
                        "isUserAuthorizedForResource",
                        new AuthorizationCheck(user, filterAuthenticatedGroupIds(groups), checks, true));
    }
}
