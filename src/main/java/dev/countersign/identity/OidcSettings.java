package dev.countersign.identity;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Keys {@code countersign.identity.oidc.*}: bearer tokens of an OpenID Connect issuer on the paths of machines. Without an issuer none is taken.
 *
 * @param issuer as the tokens name it, {@code https} but on this machine itself
 * @param jwkSetUri where its keys are; left out, the issuer's {@code /.well-known/openid-configuration} says it
 * @param audience what a token must be meant for: without it a token for any other client of the issuer would count here
 * @param userClaim the user's id here, by which separation of duties tells people apart; it must never be given to somebody else
 * @param groupsClaim a text or a list of texts
 * @param roles for each role, by its id, the groups that have it; a group that stands nowhere gives nothing. Administrators log in with their password
 */
@ConfigurationProperties("countersign.identity.oidc")
record OidcSettings(
        URI issuer,
        URI jwkSetUri,
        String audience,
        @DefaultValue("sub") String userClaim,
        @DefaultValue("groups") String groupsClaim,
        Map<String, List<String>> roles) {
    private static final String KEYS = "countersign.identity.oidc";
    private static final Set<String> HERE = Set.of("127.0.0.1", "localhost", "[::1]");

    OidcSettings {
        roles = roles == null ? Map.of() : Map.copyOf(roles);
        if (issuer == null && (jwkSetUri != null || audience != null || !roles.isEmpty())) {
            throw new IllegalArgumentException(KEYS + " needs issuer");
        }
        if (issuer != null) {
            require(isSafe(issuer), "issuer must be https");
            require(jwkSetUri == null || isSafe(jwkSetUri), "jwk-set-uri must be https");
            require(audience != null && !audience.isBlank(), "audience must say whom the tokens are meant for");
            require(!roles.isEmpty(), "roles must give at least one group a role");
            roles.keySet()
                    .forEach(role -> require(
                            Role.of(role).filter(known -> known != Role.ADMIN).isPresent(),
                            "roles has no role '%s' to give".formatted(role)));
        }
    }

    boolean isConfigured() {
        return issuer != null;
    }

    /** The roles that these groups have. */
    Set<String> rolesOf(Iterable<String> groups) {
        Set<String> given = new HashSet<>();
        groups.forEach(group -> roles.forEach((role, having) -> {
            if (having.contains(group)) {
                given.add(role);
            }
        }));
        return given;
    }

    static boolean isSafe(URI address) {
        return address.getHost() != null
                && address.getUserInfo() == null
                && ("https".equals(address.getScheme())
                        || "http".equals(address.getScheme()) && HERE.contains(address.getHost()));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(KEYS + "." + otherwise);
        }
    }
}
