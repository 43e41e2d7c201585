package dev.countersign.catalog;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PromQL of one version's value, from what a metric of Kayenta says: the mean over the series that its matchers find. A version is found by the label of the platform, by the one that
 * the metric names, or where the team's own filter says {@code ${scope}}.
 */
final class CanaryQuery {
    static final String EXPRESSION = "PromQL:";
    private static final String DIGEST = "=~\"${digest}\"";
    private static final String VALUE = "\"(?:[^\"\\\\]++|\\\\.)*+\"";
    private static final Pattern QUOTED = Pattern.compile(VALUE);
    private static final Pattern MATCHER =
            Pattern.compile("\\s*[a-zA-Z_][a-zA-Z0-9_]*\\s*(?:=~|!~|!=|=)\\s*" + VALUE + "\\s*");
    private static final Pattern SCOPE = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)\\s*=~?\\s*\"\\$\\{scope}\"");
    private static final Pattern FOREIGN = Pattern.compile("\\$\\{[^}]*}?|<#|\\[#|<@|\\[=");

    /** In which PromQL hides what follows: comments, and strings that are not looked into. */
    private static final Pattern HIDING = Pattern.compile("[#'`\"]");

    private static final Pattern COUNTER = Pattern.compile(".*_(?:total|count|sum|bucket)");
    private static final Map<String, Integer> SECONDS = Map.of("s", 1, "m", 60, "h", 3600);
    private static final int LONGEST_PERIOD = 3600;

    private final YamlDocument document;
    private final String at;

    /** @param at the pointer of the metric's query */
    CanaryQuery(YamlDocument document, String at) {
        this.document = document;
        this.at = at;
    }

    /** @throws BrokenFile with the place of what is not read */
    String promql() {
        Filter filter = filter();
        if (filter != null && filter.text().startsWith(EXPRESSION)) {
            return expression(filter);
        }
        String name = document.text(at + "/metricName");
        if (name == null) {
            throw document.broken(at, "`metricName` must be there, or a filter that begins with `" + EXPRESSION + "`");
        }
        if (COUNTER.matcher(name).matches()) {
            throw document.broken(
                    at + "/metricName",
                    "`%s` counts up: both versions would differ by their share of the traffic and their age. Say a rate or a ratio, as `%srate(…)`"
                            .formatted(name, EXPRESSION));
        }
        List<String> matchers = new ArrayList<>();
        boolean scoped = filter != null && SCOPE.matcher(filter.text()).find();
        if (!scoped) {
            String label = document.text(at + "/scopeLabel");
            untold(label);
            matchers.add((label == null ? "${version}" : label) + DIGEST);
        }
        if (filter != null) {
            matchers.addAll(matchers(filter.text(), filter.pointer()));
        }
        for (int i = 0; i < document.content().at(at + "/labelBindings").size(); i++) {
            String pointer = at + "/labelBindings/" + i;
            matchers.addAll(matchers(document.text(pointer), pointer));
        }
        return aggregated("%s{%s}".formatted(name, String.join(",", matchers)));
    }

    /** Values that are told apart by their version have no like in the other one. */
    private void untold(String scope) {
        List<String> groups = document.texts(at + "/groupByFields");
        if (scope != null && groups.contains(scope)) {
            throw document.broken(
                    at + "/groupByFields/" + groups.indexOf(scope),
                    "`%s` names the version: values that it tells apart cannot be compared between versions"
                            .formatted(scope));
        }
    }

    private String aggregated(String selected) {
        String period = document.text(at + "/aggregationPeriod");
        if (period != null && seconds(period) > LONGEST_PERIOD) {
            throw document.broken(at + "/aggregationPeriod", "An hour is the longest period");
        }
        String value = period == null ? selected : "avg_over_time(%s[%s])".formatted(selected, period);
        List<String> groups = document.texts(at + "/groupByFields");
        Set<String> sums = new LinkedHashSet<>(document.texts(at + "/sumByFields"));
        if (!sums.isEmpty()) {
            sums.addAll(groups);
            value = "sum by (%s) (%s)".formatted(String.join(",", sums), value);
        }
        return groups.isEmpty()
                ? "avg(%s)".formatted(value)
                : "avg by (%s) (%s)".formatted(String.join(",", groups), value);
    }

    private static int seconds(String period) {
        int unit = period.length() - 1;
        return Integer.parseInt(period.substring(0, unit)) * SECONDS.get(period.substring(unit));
    }

    private record Filter(String text, String pointer) {}

    private Filter filter() {
        List<Filter> filters = new ArrayList<>();
        for (String key : List.of("customInlineTemplate", "customFilter", "customFilterTemplate")) {
            String text = document.text(at + "/" + key);
            if (text != null && !text.isEmpty()) {
                filters.add(key.equals("customFilterTemplate") ? template(text) : new Filter(text, at + "/" + key));
            }
        }
        if (filters.size() > 1) {
            throw document.broken(filters.get(1).pointer(), "Of several filters nobody knows which one counts");
        }
        return filters.isEmpty() ? null : filters.get(0);
    }

    private Filter template(String name) {
        String pointer = "/templates/" + YamlDocument.escaped(name);
        String text = document.text(pointer);
        if (text == null || text.isEmpty()) {
            throw document.broken(at + "/customFilterTemplate", "There is no template `" + name + "`");
        }
        return new Filter(text, pointer);
    }

    private String expression(Filter filter) {
        for (String key : List.of("labelBindings", "sumByFields", "aggregationPeriod", "scopeLabel")) {
            if (document.has(at + "/" + key)
                    && !document.content().at(at + "/" + key).isEmpty()) {
                throw document.broken(at + "/" + key, "A whole expression leaves nothing for `" + key + "` to do");
            }
        }
        String text = filter.text().substring(EXPRESSION.length()).strip();
        if (!SCOPE.matcher(text).find()) {
            throw document.broken(
                    filter.pointer(),
                    "The expression must say whose value it is: a matcher `label=\"${scope}\"`; else both versions would have the same");
        }
        String scoped = scoped(text, filter.pointer());
        Matcher hiding = HIDING.matcher(QUOTED.matcher(text).replaceAll(""));
        if (hiding.find()) {
            throw document.broken(
                    filter.pointer(),
                    "`%s` outside of double quotes is not read: what it hides cannot be checked"
                            .formatted(hiding.group()));
        }
        return scoped;
    }

    private List<String> matchers(String text, String pointer) {
        List<String> matchers = new ArrayList<>();
        Matcher found = MATCHER.matcher(text == null ? "" : text);
        int from = 0;
        while (found.find(from) && found.start() == from) {
            matchers.add(scoped(found.group().strip(), pointer));
            from = found.end() + 1;
            if (found.end() == text.length()) {
                return matchers;
            }
            if (text.charAt(found.end()) != ',') {
                break;
            }
        }
        throw document.broken(pointer, "`" + text + "` is no list of matchers, as `mode=~\"user|system\"` is one");
    }

    /** Everything of a template but the version is refused: what it would be replaced by, only a stage of Spinnaker knows. */
    private String scoped(String text, String pointer) {
        SCOPE.matcher(text).results().forEach(found -> untold(found.group(1)));
        String scoped = SCOPE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(found.group(1) + DIGEST));
        Matcher foreign = FOREIGN.matcher(scoped.replace(DIGEST, ""));
        if (foreign.find()) {
            throw document.broken(
                    pointer,
                    "`%s` is not known here: only `${scope}` is, as the whole value of a matcher"
                            .formatted(foreign.group()));
        }
        return scoped;
    }
}
