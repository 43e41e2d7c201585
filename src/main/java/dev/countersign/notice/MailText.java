package dev.countersign.notice;

import java.util.List;
import java.util.stream.Collectors;
import org.springframework.web.util.HtmlUtils;

/** The two bodies of a mail: plain text, and the same in plain HTML. Nothing in it is loaded from elsewhere. */
record MailText(String text, String html) {

    static final String FOOT = "Countersign writes to you because of your role. Answer in the task, not to this mail.";
    /** People outside have no role here, and no task. */
    static final String FOOT_OUTSIDE = "This mail was sent by a machine. Nobody reads what is answered to it.";

    static MailText of(String subject, List<String> lines, String url, String foot) {
        return new MailText(text(lines, url, foot), html(subject, lines, url, foot));
    }

    private static String text(List<String> lines, String url, String foot) {
        var body = new StringBuilder();
        lines.forEach(line -> body.append(line).append("\n\n"));
        if (url != null) {
            body.append("See ").append(url).append("\n\n");
        }
        return body.append("-- \n").append(foot).append('\n').toString();
    }

    private static String html(String subject, List<String> lines, String url, String foot) {
        String paragraphs = lines.stream()
                .map(line -> "<p style=\"margin:0 0 12px\">" + escape(line).replace("\n", "<br>") + "</p>\n")
                .collect(Collectors.joining());
        String link = url == null
                ? ""
                : "<p style=\"margin:0 0 12px\"><a href=\"" + escape(url) + "\" style=\"color:#1d5fa8\">" + escape(url)
                        + "</a></p>\n";
        String title = escape(subject);
        return """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>"""
                + title
                + """
                </title></head>
                <body style="margin:0;padding:24px;background:#ffffff;color:#1c2530;font:15px/1.5 Arial,sans-serif">
                <div style="max-width:600px">
                <h1 style="margin:0 0 16px;font-size:18px">"""
                + title + "</h1>\n" + paragraphs + link
                + """
                <p style="margin:24px 0 0;color:#5b6673;font-size:13px">""" + foot
                + """
                </p>
                </div></body></html>
                """;
    }

    private static String escape(String text) {
        return HtmlUtils.htmlEscape(text, "UTF-8");
    }
}
