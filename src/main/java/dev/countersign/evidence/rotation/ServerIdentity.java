package dev.countersign.evidence.rotation;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Whether a certificate is for a server (RFC 9525): by its alternative names only, an asterisk for the whole first label only. */
final class ServerIdentity {
    private static final int DNS = 2;
    private static final int ADDRESS = 7;

    private ServerIdentity() {}

    static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    }

    static boolean names(X509Certificate certificate, String host) {
        return isAddress(host)
                ? names(certificate, ADDRESS).stream().anyMatch(name -> isSameAddress(name, host))
                : names(certificate, DNS).stream().anyMatch(name -> covers(name, host));
    }

    /** For a sentence. */
    static List<String> namesOf(X509Certificate certificate) {
        List<String> names = new ArrayList<>(names(certificate, DNS));
        names.addAll(names(certificate, ADDRESS));
        return names;
    }

    private static List<String> names(X509Certificate certificate, int kind) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            return all == null
                    ? List.of()
                    : all.stream()
                            .filter(name -> Integer.valueOf(kind).equals(name.get(0)))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException broken) {
            return List.of();
        }
    }

    private static boolean covers(String pattern, String host) {
        String name;
        try {
            name = IDN.toASCII(host, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException noName) {
            return false;
        }
        String given = pattern.toLowerCase(Locale.ROOT);
        if (!given.startsWith("*.")) {
            return given.equals(name);
        }
        int dot = name.indexOf('.');
        // *.example would be for whoever registers a name.
        return dot > 0 && given.indexOf('.', 2) > 0 && name.substring(dot).equals(given.substring(1));
    }

    private static boolean isSameAddress(String one, String other) {
        try {
            return InetAddress.getByName(one).equals(InetAddress.getByName(other));
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
