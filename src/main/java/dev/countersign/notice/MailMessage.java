package dev.countersign.notice;

import jakarta.activation.DataHandler;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMessage.RecipientType;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;

/**
 * Builds the MIME message. An invitation stands twice in it: as an alternative of the text, where Gmail and Outlook look for it, and
 * as an attached file for everything else.
 */
final class MailMessage {
    private static final String UTF_8 = StandardCharsets.UTF_8.name();

    private MailMessage() {}

    static MimeMessage fill(MimeMessage empty, Mail mail, Delivery delivery, String from) throws MessagingException {
        var bodies = new MimeMultipart("alternative");
        bodies.addBodyPart(text(mail.text(), "plain"));
        bodies.addBodyPart(text(mail.html(), "html"));
        MimeMultipart content = bodies;
        if (delivery.ics() != null) {
            String method = mail.invitation().cancelled() ? "CANCEL" : "REQUEST";
            bodies.addBodyPart(calendar(delivery.ics(), "text/calendar; charset=UTF-8; method=" + method));
            content = new MimeMultipart("mixed");
            content.addBodyPart(wrapped(bodies));
            content.addBodyPart(attached(delivery.ics()));
        }
        empty.setFrom(address(from, "Countersign"));
        empty.setRecipient(RecipientType.TO, address(delivery.address(), delivery.name()));
        empty.setSubject(oneLine(mail.subject()), UTF_8);
        // RFC 3834: no out-of-office answers to a machine.
        empty.setHeader("Auto-Submitted", "auto-generated");
        empty.setContent(content);
        // The sender keeps an id that is set; without it each attempt would get a new one.
        empty.setHeader("Message-ID", delivery.messageId());
        return empty;
    }

    /** A header is one line: whoever puts a line break into a summary must not write headers of their own. */
    static String oneLine(String text) {
        return text == null
                ? ""
                : text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
    }

    private static InternetAddress address(String address, String name) throws MessagingException {
        try {
            var result = new InternetAddress(address, oneLine(name), UTF_8);
            result.validate();
            return result;
        } catch (UnsupportedEncodingException impossible) {
            throw new MessagingException("UTF-8", impossible);
        }
    }

    private static MimeBodyPart text(String text, String subtype) throws MessagingException {
        var part = new MimeBodyPart();
        part.setText(text, UTF_8, subtype);
        return part;
    }

    private static MimeBodyPart wrapped(MimeMultipart bodies) throws MessagingException {
        var part = new MimeBodyPart();
        part.setContent(bodies);
        return part;
    }

    private static MimeBodyPart calendar(String ics, String type) throws MessagingException {
        var part = new MimeBodyPart();
        part.setDataHandler(new DataHandler(new ByteArrayDataSource(ics.getBytes(StandardCharsets.UTF_8), type)));
        // Base64 keeps the folded lines as they are, whatever a relay does to line ends.
        part.setHeader("Content-Transfer-Encoding", "base64");
        return part;
    }

    private static MimeBodyPart attached(String ics) throws MessagingException {
        MimeBodyPart part = calendar(ics, "application/ics; name=\"invite.ics\"");
        part.setDisposition(Part.ATTACHMENT);
        part.setFileName("invite.ics");
        return part;
    }
}
