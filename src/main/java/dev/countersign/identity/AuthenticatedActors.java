package dev.countersign.identity;

import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.IdentityService;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/** The web login first; else whom the engine knows (a call through its own API); else the platform. */
@Component
class AuthenticatedActors implements Actors {
    private final IdentityService identity;

    AuthenticatedActors(IdentityService identity) {
        this.identity = identity;
    }

    @Override
    public String current() {
        return web().map(Authentication::getName)
                .or(() -> engine().map(org.camunda.bpm.engine.impl.identity.Authentication::getUserId))
                .orElse(PLATFORM);
    }

    @Override
    public Set<String> currentGroups() {
        return web().map(login -> authorities(login.getAuthorities()))
                .or(() ->
                        engine().map(known -> known.getGroupIds() == null ? Set.of() : Set.copyOf(known.getGroupIds())))
                .orElse(Set.of());
    }

    @Override
    public void require(Role... anyOf) {
        Set<String> groups = currentGroups();
        if (Arrays.stream(anyOf).map(Role::id).noneMatch(groups::contains)) {
            throw new NotEntitled(current() + " may not do this; it takes "
                    + Arrays.stream(anyOf).map(Role::id).collect(Collectors.joining(" or ")));
        }
    }

    private static Set<String> authorities(Collection<? extends GrantedAuthority> granted) {
        return granted.stream().map(GrantedAuthority::getAuthority).collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<Authentication> web() {
        return Optional.ofNullable(SecurityContextHolder.getContext().getAuthentication())
                .filter(Authentication::isAuthenticated)
                .filter(login -> !(login instanceof AnonymousAuthenticationToken));
    }

    private Optional<org.camunda.bpm.engine.impl.identity.Authentication> engine() {
        return Optional.ofNullable(identity.getCurrentAuthentication()).filter(known -> known.getUserId() != null);
    }
}
