package dev.countersign.identity;

import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/** Auditors read everything and change nothing: whoever is an auditor and has no other role may only look. */
class ReadOnly implements AuthorizationManager<RequestAuthorizationContext> {
    private static final Set<HttpMethod> LOOKING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    @Override
    public AuthorizationDecision authorize(Supplier<Authentication> login, RequestAuthorizationContext context) {
        Authentication who = login.get();
        boolean known = new AuthenticationTrustResolverImpl().isAuthenticated(who);
        boolean looking =
                LOOKING.contains(HttpMethod.valueOf(context.getRequest().getMethod()));
        return new AuthorizationDecision(known && (looking || !isOnlyAuditor(who)));
    }

    @Override
    @Deprecated
    public AuthorizationDecision check(Supplier<Authentication> login, RequestAuthorizationContext context) {
        return authorize(login, context);
    }

    private static boolean isOnlyAuditor(Authentication who) {
        Set<String> roles = who.getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .filter(group -> Role.of(group).isPresent())
                .collect(Collectors.toSet());
        return roles.equals(Set.of(Role.AUDITOR.id()));
    }
}
