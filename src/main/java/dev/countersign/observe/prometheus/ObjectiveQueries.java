package dev.countersign.observe.prometheus;

import dev.countersign.catalog.Slo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An objective's metric sources as PromQL over one interval. Where a query has the place holder {@code {{window}}}, or {@code {{.window}}} as Sloth writes it, it says
 * itself what is counted in a window; a bare counter, or a sum of one, is increased; a metric that goes up and down is averaged. Everything else would count
 * something else than it seems to, and is said.
 *
 * @param promql by the part of the indicator: {@code good}, {@code bad}, {@code total}, {@code raw}, {@code threshold}
 * @param trouble what is not understood, with its place; null where all is
 */
record ObjectiveQueries(Map<String, String> promql, String trouble) {
    private static final Pattern WINDOW = Pattern.compile("\\{\\{\\s*\\.?window\\s*}}");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final List<Pattern> SUMS =
            List.of(Pattern.compile("sum\\s*\\("), Pattern.compile("sum\\s*by\\s*\\([^()]*\\)\\s*\\("));

    static ObjectiveQueries of(Slo slo, Duration interval) {
        return of(slo, interval, null);
    }

    /** @param version label by which a bare counter is told per version; of a query that says itself what it sums up, only that one knows */
    static ObjectiveQueries of(Slo slo, Duration interval, String version) {
        Slo.Source source = slo.source();
        if (source == null || slo.queries().isEmpty()) {
            return new ObjectiveQueries(Map.of(), "Its file has no query");
        }
        String window = interval.toMillis() + "ms";
        Map<String, String> promql = new TreeMap<>();
        for (Map.Entry<String, String> query : slo.queries().entrySet()) {
            String part = query.getKey();
            try {
                promql.put(
                        part,
                        "ratio".equals(source.shape())
                                ? count(query.getValue().strip(), source.counter(), window, version)
                                : filled(query.getValue(), window));
            } catch (IllegalArgumentException shape) {
                return new ObjectiveQueries(
                        Map.of(), source.places().getOrDefault(part, slo.file()) + ": " + shape.getMessage());
            }
        }
        return new ObjectiveQueries(Map.copyOf(promql), null);
    }

    private static String filled(String query, String window) {
        return WINDOW.matcher(query).replaceAll(window);
    }

    private static String count(String query, Boolean counter, String window, String version) {
        String sum = version == null ? "sum" : "sum by (" + version + ") ";
        if (WINDOW.matcher(query).find()) {
            return filled(query, window);
        }
        if (counter == null) {
            throw new IllegalArgumentException(
                    "It has neither `{{window}}` nor says `counter`: what it counts cannot be told");
        }
        String selector = selector(query);
        if (!counter) {
            return selector == null
                    ? sum + "(avg_over_time((%s)[%s:]))".formatted(query, window)
                    : sum + "(avg_over_time(%s[%s]))".formatted(selector, window);
        }
        if (selector == null) {
            throw new IllegalArgumentException(
                    "A counter that is more than a selector, or the sum of one, has"
                            + " `increase(…[{{window}}])` in its query: one of several counters that begins anew would look like many events");
        }
        return sum + "(increase(%s[%s]))".formatted(selector, window);
    }

    /** What the query selects, bare or summed up; null where it is more than that. */
    private static String selector(String query) {
        if (isSelector(query)) {
            return query;
        }
        for (Pattern pattern : SUMS) {
            Matcher sum = pattern.matcher(query);
            if (sum.lookingAt() && query.endsWith(")")) {
                String summed = query.substring(sum.end(), query.length() - 1).strip();
                return isSelector(summed) ? summed : null;
            }
        }
        return null;
    }

    private static boolean isSelector(String text) {
        Matcher name = NAME.matcher(text);
        int brace = name.lookingAt() ? name.end() : 0;
        return brace == text.length() ? brace > 0 : text.charAt(brace) == '{' && closes(text, brace);
    }

    /** Whether the brace that opens here closes with the last character; those within quotes do not count. */
    private static boolean closes(String text, int brace) {
        char quote = 0;
        for (int at = brace + 1; at < text.length(); at++) {
            char each = text.charAt(at);
            if (quote != 0) {
                if (each == '\\' && quote != '`') {
                    at++;
                } else if (each == quote) {
                    quote = 0;
                }
            } else if (each == '"' || each == '\'' || each == '`') {
                quote = each;
            } else if (each == '{') {
                return false;
            } else if (each == '}') {
                return at == text.length() - 1;
            }
        }
        return false;
    }
}
