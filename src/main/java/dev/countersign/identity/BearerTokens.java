package dev.countersign.identity;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.stereotype.Component;

/**
 * Bearer tokens of the configured issuer beside Basic. A token counts when the issuer signed it with a key of its own, it is meant for us and in its time, and one of its groups has
 * a role here. Everything else is 401: whoever is merely known to the issuer is nobody here.
 */
@Component
final class BearerTokens {
    private static final Logger LOG = LoggerFactory.getLogger(BearerTokens.class);

    /** Signatures by a private key only: a shared secret, or no signature, is none of an issuer's. */
    private static final Set<JWSAlgorithm> SIGNATURES = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    /** Ids as the engine takes them. */
    private static final Pattern USER = Pattern.compile("[\\w.@+-]{1,64}");

    private final OidcSettings settings;
    private final NimbusJwtDecoder decoder;

    BearerTokens(OidcSettings settings, Clock clock) {
        this.settings = settings;
        this.decoder = settings.isConfigured() ? decoder(settings, clock) : null;
    }

    /** @param ownSecrets paths where a bearer secret is something else: they are left alone */
    void takeIn(HttpSecurity http, RequestMatcher ownSecrets, ProblemAnswers problems) throws Exception {
        if (!settings.isConfigured()) {
            return;
        }
        var inHeader = new DefaultBearerTokenResolver();
        http.oauth2ResourceServer(bearer -> bearer.bearerTokenResolver(
                        (HttpServletRequest request) -> ownSecrets.matches(request) ? null : inHeader.resolve(request))
                .jwt(jwt -> jwt.decoder(this::decode).jwtAuthenticationConverter(this::loggedIn))
                .authenticationEntryPoint(problems)
                .accessDeniedHandler(problems));
    }

    private static NimbusJwtDecoder decoder(OidcSettings settings, Clock clock) {
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(SIGNATURES, new IssuerKeys(settings, clock)));
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        // Claims are checked below.
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
        var decoder = new NimbusJwtDecoder(processor);
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                JwtValidators.createDefaultWithIssuer(settings.issuer().toString()),
                new JwtClaimValidator<Object>("exp", expires -> expires != null),
                new JwtClaimValidator<Collection<String>>(
                        "aud", audience -> audience != null && audience.contains(settings.audience()))));
        return decoder;
    }

    /** An issuer that is away lets nobody in; it is no fault of the platform's. */
    private Jwt decode(String token) {
        try {
            return decoder.decode(token);
        } catch (BadJwtException bad) {
            throw bad;
        } catch (JwtException away) {
            LOG.warn("A bearer token cannot be checked: {}", away.getMessage());
            throw new BadJwtException("The token cannot be checked now", away);
        }
    }

    private JwtAuthenticationToken loggedIn(Jwt token) {
        Object user = token.getClaims().get(settings.userClaim());
        if (!(user instanceof String id) || !USER.matcher(id).matches() || Actors.PLATFORM.equals(id)) {
            throw new InvalidBearerTokenException("The claim " + settings.userClaim() + " names no user");
        }
        Set<String> roles = settings.rolesOf(groups(token.getClaims().get(settings.groupsClaim())));
        if (roles.isEmpty()) {
            throw new InvalidBearerTokenException("No group of the token has a role here");
        }
        return new JwtAuthenticationToken(
                token, roles.stream().map(SimpleGrantedAuthority::new).toList(), id);
    }

    private static List<String> groups(Object claim) {
        if (claim instanceof String one) {
            return List.of(one);
        }
        return claim instanceof Collection<?> many
                ? many.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }
}
