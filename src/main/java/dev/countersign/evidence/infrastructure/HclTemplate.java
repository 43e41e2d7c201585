package dev.countersign.evidence.infrastructure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.countersign.evidence.reader.Unreadable;

/** Text in quotes, or between two lines with the same word. With something to be put in it is not told. */
final class HclTemplate {
    private HclTemplate() {}

    static JsonNode quoted(HclText hcl) throws Unreadable {
        StringBuilder text = new StringBuilder();
        boolean told = quoted(hcl, text);
        String all = text.toString();
        if (told) {
            return JsonNodeFactory.instance.textNode(all);
        }
        // "${var.size}" is nothing but what it refers to.
        boolean one = all.startsWith("${") && all.indexOf('}') == all.length() - 1;
        return Untold.of(one ? all.substring(2, all.length() - 1).strip() : all);
    }

    /** @return whether nothing is put in */
    private static boolean quoted(HclText hcl, StringBuilder text) throws Unreadable {
        hcl.enter();
        hcl.need("\"");
        boolean told = true;
        while (!hcl.take("\"")) {
            if (hcl.isEnd() || hcl.peek() == '\n') {
                throw hcl.fault("the text in quotes does not end");
            }
            if (isEscaped(hcl)) {
                text.append(hcl.peek()).append('{');
                hcl.skip(3);
            } else if (hcl.looksAt("${") || hcl.looksAt("%{")) {
                told = false;
                int start = hcl.position();
                filled(hcl);
                text.append(hcl.since(start));
            } else if (hcl.peek() == '\\') {
                escape(hcl, text);
            } else {
                text.append(hcl.peek());
                hcl.skip(1);
            }
        }
        hcl.leave();
        return told;
    }

    private static boolean isEscaped(HclText hcl) {
        return hcl.looksAt("$${") || hcl.looksAt("%%{");
    }

    private static void escape(HclText hcl, StringBuilder text) throws Unreadable {
        hcl.skip(1);
        char escaped = hcl.peek();
        switch (escaped) {
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case '"', '\\' -> text.append(escaped);
            case 'u', 'U' -> {
                int digits = escaped == 'u' ? 4 : 8;
                int point = 0;
                for (int i = 1; i <= digits; i++) {
                    int digit = Character.digit(hcl.peek(i), 16);
                    if (digit < 0) {
                        throw hcl.fault("the number of a character is expected");
                    }
                    point = point << 4 | digit;
                }
                if (!Character.isValidCodePoint(point)) {
                    throw hcl.fault("there is no such character");
                }
                text.appendCodePoint(point);
                hcl.skip(digits);
            }
            default -> throw hcl.fault("this is no escape");
        }
        hcl.skip(1);
    }

    /** Over what is put in, with all that is quoted in it. */
    private static void filled(HclText hcl) throws Unreadable {
        hcl.enter();
        hcl.skip(2);
        for (int open = 1; open > 0; ) {
            if (hcl.isEnd()) {
                throw hcl.fault("what is put in does not end");
            }
            char next = hcl.peek();
            if (next == '"') {
                quoted(hcl, new StringBuilder());
                continue;
            }
            open += next == '{' ? 1 : next == '}' ? -1 : 0;
            hcl.skip(1);
        }
        hcl.leave();
    }

    /** From behind {@code <<}. */
    static JsonNode between(HclText hcl) throws Unreadable {
        hcl.take("-");
        String end = hcl.word();
        if (!hcl.rest().isBlank()) {
            throw hcl.fault("the word that ends the text stands alone");
        }
        StringBuilder text = new StringBuilder();
        while (true) {
            if (hcl.isEnd()) {
                throw hcl.fault("the text up to " + end + " does not end");
            }
            int start = hcl.position();
            String line = hcl.rest();
            if (line.strip().equals(end)) {
                // The end of the line belongs to whoever reads on.
                hcl.back(start + line.length());
                break;
            }
            text.append(line).append('\n');
        }
        String all = text.toString();
        boolean told = !all.replace("$${", "").replace("%%{", "").matches("(?s).*[$%]\\{.*");
        return told ? JsonNodeFactory.instance.textNode(all) : Untold.of(all.strip());
    }
}
