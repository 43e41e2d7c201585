package dev.countersign.identity;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The issuer's keys, read when the first token comes, so that an issuer that is away keeps nobody from starting. Kept, and read anew for a key that is not known. */
final class IssuerKeys implements JWKSource<SecurityContext> {
    private static final Duration NOT_AGAIN_FOR = Duration.ofSeconds(10);

    private final OidcSettings settings;
    private final Bounded retriever = new Bounded();
    private final Clock clock;
    private JWKSource<SecurityContext> keys;
    private Instant failedAt = Instant.MIN;

    IssuerKeys(OidcSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public List<JWK> get(JWKSelector selector, SecurityContext context) throws KeySourceException {
        return found().get(selector, context);
    }

    private synchronized JWKSource<SecurityContext> found() throws KeySourceException {
        if (keys == null) {
            if (clock.instant().isBefore(failedAt.plus(NOT_AGAIN_FOR))) {
                throw new KeySourceException("The issuer did not answer a moment ago");
            }
            try {
                keys = JWKSourceBuilder.<SecurityContext>create(address().toURL(), retriever)
                        .build();
            } catch (IOException | ParseException | RuntimeException away) {
                failedAt = clock.instant();
                throw new KeySourceException("The issuer does not say where its keys are: " + away.getMessage(), away);
            }
        }
        return keys;
    }

    /** OpenID Connect Discovery 1.0, section 4: the document must name the issuer that was asked for. */
    private URI address() throws IOException, ParseException {
        if (settings.jwkSetUri() != null) {
            return settings.jwkSetUri();
        }
        String issuer = settings.issuer().toString();
        URI document = URI.create((issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer)
                + "/.well-known/openid-configuration");
        Map<String, Object> said = JSONObjectUtils.parse(
                retriever.retrieveResource(document.toURL()).getContent());
        if (!issuer.equals(said.get("issuer"))) {
            throw new IOException("it names another issuer, " + said.get("issuer"));
        }
        URI address = URI.create(String.valueOf(said.get("jwks_uri")));
        if (!OidcSettings.isSafe(address)) {
            throw new IOException("its jwks_uri is not https");
        }
        return address;
    }

    /** Five seconds, a quarter of a megabyte, no redirects. */
    private static final class Bounded extends DefaultResourceRetriever {
        private static final int TIMEOUT_MS = 5_000;
        private static final int LARGEST = 256 * 1024;

        Bounded() {
            super(TIMEOUT_MS, TIMEOUT_MS, LARGEST);
        }

        @Override
        protected HttpURLConnection openHTTPConnection(URL url) throws IOException {
            HttpURLConnection connection = super.openHTTPConnection(url);
            connection.setInstanceFollowRedirects(false);
            return connection;
        }
    }
}
