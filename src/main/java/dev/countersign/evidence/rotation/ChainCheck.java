package dev.countersign.evidence.rotation;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether what a server shows leads to a root that is trusted, and is strong. Time is left out: the path is looked at on a day on which all of it is valid, so that
 * an expired certificate is expired and not untrusted.
 */
final class ChainCheck {
    private static final String FOR_SERVERS = "1.3.6.1.5.5.7.3.1";
    private static final String FOR_ALL = "2.5.29.37.0";
    private static final int LONGEST = 10;
    private final TrustedRoots roots;

    ChainCheck(TrustedRoots roots) {
        this.roots = roots;
    }

    List<Fault> faults(List<X509Certificate> shown) {
        List<Fault> faults = new ArrayList<>();
        // The server's signature on a root proves nothing: the root is trusted as it is, or not at all.
        List<X509Certificate> relied = shown.stream()
                .filter(one -> shown.indexOf(one) == 0 || !Strength.isSelfSigned(one))
                .toList();
        relied.forEach(one -> Strength.weakness(one)
                .ifPresent(why -> faults.add(new Fault(Fault.WEAK, Certificates.name(one) + ": " + why))));
        untrusted(shown, !faults.isEmpty()).ifPresent(faults::add);
        return faults;
    }

    private Optional<Fault> untrusted(List<X509Certificate> shown, boolean weak) {
        X509Certificate own = shown.get(0);
        if (!isForServers(own)) {
            return fault(Fault.UNTRUSTED, "the certificate is not for servers");
        }
        if (roots.has(own)) {
            return Optional.empty();
        }
        List<X509Certificate> path = path(shown);
        X509Certificate last = path.get(path.size() - 1);
        Optional<X509Certificate> root = roots.has(last) && path.size() > 1 ? Optional.of(last) : roots.issuerOf(last);
        if (root.isEmpty()) {
            return Strength.isSelfSigned(last)
                    ? fault(
                            Fault.UNTRUSTED,
                            path.size() == 1
                                    ? "the certificate is signed by itself"
                                    : "nobody trusts the root " + Certificates.name(last))
                    : fault(
                            Fault.INCOMPLETE,
                            "the server does not show the certificate of its issuer "
                                    + last.getIssuerX500Principal().getName() + ", and no trusted root is it");
        }
        path.remove(root.get());
        return invalid(path, root.get(), weak);
    }

    /** From the server's own up to where nobody signed the last one, in their right order: servers do not always keep it. */
    private static List<X509Certificate> path(List<X509Certificate> shown) {
        List<X509Certificate> path = new ArrayList<>(List.of(shown.get(0)));
        while (path.size() < LONGEST) {
            X509Certificate last = path.get(path.size() - 1);
            Optional<X509Certificate> issuer = shown.stream()
                    .filter(one -> !path.contains(one) && TrustedRoots.signed(one, last))
                    .findFirst();
            if (issuer.isEmpty()) {
                return path;
            }
            path.add(issuer.get());
        }
        return path;
    }

    private static Optional<Fault> invalid(List<X509Certificate> path, X509Certificate root, boolean weak) {
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(day(path)));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return Optional.empty();
        } catch (CertPathValidatorException invalid) {
            var reason = invalid.getReason();
            if (reason == BasicReason.EXPIRED || reason == BasicReason.NOT_YET_VALID) {
                // Valid on no common day: by its own dates one of them is found expired, or not yet valid.
                return Optional.empty();
            }
            if (reason == BasicReason.ALGORITHM_CONSTRAINED) {
                return weak ? Optional.empty() : fault(Fault.WEAK, "its algorithms are not accepted any more");
            }
            return fault(Fault.UNTRUSTED, "the chain does not hold: " + invalid.getMessage());
        } catch (GeneralSecurityException unusable) {
            return fault(Fault.UNTRUSTED, "the chain cannot be looked at: " + unusable.getMessage());
        }
    }

    private static Instant day(List<X509Certificate> path) {
        return path.stream()
                .map(one -> one.getNotBefore().toInstant())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static boolean isForServers(X509Certificate certificate) {
        try {
            List<String> uses = certificate.getExtendedKeyUsage();
            return uses == null || uses.contains(FOR_SERVERS) || uses.contains(FOR_ALL);
        } catch (CertificateParsingException broken) {
            return false;
        }
    }

    private static Optional<Fault> fault(String code, String what) {
        return Optional.of(new Fault(code, what));
    }
}
