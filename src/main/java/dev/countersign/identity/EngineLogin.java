package dev.countersign.identity;

import dev.countersign.identity.LoginThrottle.Caller;
import java.util.Set;
import org.camunda.bpm.engine.IdentityService;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

/**
 * Logs in against the engine's users. Who guesses is slowed down by {@link LoginThrottle}; the engine's own lock of a user is off (application.yaml), since
 * anybody could keep a user out with it. A user who has to wait, an unknown one and a wrong password look the same from outside.
 */
@Component
class EngineLogin implements AuthenticationProvider {
    private final IdentityService identity;
    private final People people;
    private final LoginThrottle throttle;

    EngineLogin(IdentityService identity, People people, LoginThrottle throttle) {
        this.identity = identity;
        this.people = people;
        this.throttle = throttle;
    }

    @Override
    public Authentication authenticate(Authentication attempt) {
        String user = attempt.getName();
        Object password = attempt.getCredentials();
        Caller caller = new Caller(user, addressOf(attempt));
        if (user.isBlank() || password == null || !throttle.admits(caller)) {
            throw new BadCredentialsException("User or password is wrong");
        }
        if (!identity.checkPassword(user, password.toString())) {
            throttle.failed(caller);
            throw new BadCredentialsException("User or password is wrong");
        }
        throttle.succeeded(caller);
        return loggedIn(user, people.find(user).map(Person::groups).orElse(Set.of()));
    }

    private static String addressOf(Authentication attempt) {
        return attempt.getDetails() instanceof WebAuthenticationDetails web ? web.getRemoteAddress() : "";
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
