package dev.countersign.notice;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** The mail address of somebody outside: one plain address, without a name, a comment or anything that could begin another header. */
public record MailAddress(String text) {
    /** RFC 5321 4.5.3.1.3, less the brackets. */
    private static final int LONGEST = 254;
    /** Stricter than RFC 5322: quoted local parts and address literals are valid, and nobody whom a release is announced to has one. */
    private static final Pattern PLAIN =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{1,252}");

    /** Empty where the text is no such address. */
    public static Optional<MailAddress> of(String text) {
        if (text == null || text.length() > LONGEST || !PLAIN.matcher(text).matches() || !isInDomain(text)) {
            return Optional.empty();
        }
        try {
            InternetAddress parsed = new InternetAddress(text, true);
            parsed.validate();
            return text.equals(parsed.getAddress()) ? Optional.of(new MailAddress(text)) : Optional.empty();
        } catch (AddressException broken) {
            return Optional.empty();
        }
    }

    /** At least two labels, none of them empty. */
    private static boolean isInDomain(String address) {
        String domain = address.substring(address.lastIndexOf('@') + 1);
        return domain.contains(".") && !domain.contains("..") && !domain.endsWith(".");
    }
}
