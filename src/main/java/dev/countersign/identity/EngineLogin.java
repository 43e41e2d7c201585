package dev.countersign.identity;

import java.util.Set;
import org.camunda.bpm.engine.IdentityService;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.stereotype.Component;

/**
 * Logs in against the engine's users. The engine locks a user after a wrong password, for 3 seconds at first and up to a minute, and
 * for good after ten; a locked user, an unknown one and a wrong password look the same from outside.
 */
@Component
class EngineLogin implements AuthenticationProvider {
    private final IdentityService identity;
    private final People people;

    EngineLogin(IdentityService identity, People people) {
        this.identity = identity;
        this.people = people;
    }

    @Override
    public Authentication authenticate(Authentication attempt) {
        String user = attempt.getName();
        Object password = attempt.getCredentials();
        if (user.isBlank() || password == null || !identity.checkPassword(user, password.toString())) {
            throw new BadCredentialsException("User or password is wrong");
        }
        return loggedIn(user, people.find(user).map(Person::groups).orElse(Set.of()));
    }

    static Authentication loggedIn(String user, Set<String> groups) {
        return UsernamePasswordAuthenticationToken.authenticated(
                user, null, groups.stream().map(SimpleGrantedAuthority::new).toList());
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
