package dev.countersign.learning.delivery;

import dev.countersign.learning.delivery.DeploymentStore.Hotfix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which deployment each hotfix remedies. What it says that it answers is a person's word and counts first: the key of an incident or of a release. Where it names neither, it is
 * the deployment of its service right before it, since that is what it changes.
 */
final class Remedies {
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}@._+~/#-]+");
    private static final Pattern KEY = Pattern.compile("INC-\\d{1,18}|[^@]+@[^@]+");
    private static final Pattern ENDS_SENTENCE = Pattern.compile("[./#+-]+$");

    private final Map<String, String> releaseByWord;
    private final Map<String, Deployment> byKey = new HashMap<>();
    private final Map<String, NavigableMap<Instant, Deployment>> byService = new HashMap<>();
    private final Map<String, List<Deployment>> byRemedied = new HashMap<>();

    private Remedies(Map<String, String> releaseByWord) {
        this.releaseByWord = releaseByWord;
    }

    /**
     * @param deployed whatever a hotfix may remedy, and what others deployed after it
     * @param hotfixes of all services, oldest first
     * @param releaseByWord keys of releases, by the words by which they and their incidents are known
     */
    static Remedies of(List<Deployment> deployed, List<Hotfix> hotfixes, Map<String, String> releaseByWord) {
        var remedies = new Remedies(releaseByWord);
        deployed.forEach(remedies::know);
        hotfixes.forEach(remedies::add);
        return remedies;
    }

    private void know(Deployment deployment) {
        byKey.put(deployment.key(), deployment);
        // A report of a failure left what was there before.
        if (deployment.service() != null && !deployment.isReportedFailure()) {
            byService
                    .computeIfAbsent(deployment.service(), service -> new TreeMap<>())
                    .put(deployment.deployedAt(), deployment);
        }
    }

    private void add(Hotfix hotfix) {
        Deployment deployment = hotfix.deployment();
        Set<String> named = words(deployment.fixes()).stream()
                .map(releaseByWord::get)
                .filter(key -> key != null && !key.equals(deployment.key()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (named.isEmpty()) {
            remedied(rightBefore(hotfix), deployment);
            return;
        }
        // One that is not known here lies outside the period; one that came later was not remedied by it.
        named.stream()
                .map(byKey::get)
                .filter(known -> known != null && known.deployedAt().isBefore(deployment.deployedAt()))
                .forEach(known -> remedied(known, deployment));
    }

    /** Null where what was right before it lies outside the period. */
    private Deployment rightBefore(Hotfix hotfix) {
        NavigableMap<Instant, Deployment> ofService =
                byService.get(hotfix.deployment().service());
        Map.Entry<Instant, Deployment> last = ofService == null
                ? null
                : ofService.lowerEntry(hotfix.deployment().deployedAt());
        return last == null || hotfix.before() != null && last.getKey().isBefore(hotfix.before())
                ? null
                : last.getValue();
    }

    private void remedied(Deployment deployment, Deployment hotfix) {
        if (deployment != null) {
            byRemedied
                    .computeIfAbsent(deployment.key(), key -> new ArrayList<>())
                    .add(hotfix);
        }
    }

    /** Oldest first. */
    List<Deployment> of(Deployment deployment) {
        return byRemedied.getOrDefault(deployment.key(), List.of());
    }

    /** The words that could be keys, to look them up. */
    static Set<String> keysIn(Stream<String> texts) {
        return texts.flatMap(text -> words(text).stream())
                .filter(word -> KEY.matcher(word).matches() && word.length() <= 200)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Set<String> words(String text) {
        if (text == null) {
            return Set.of();
        }
        return BETWEEN_WORDS
                .splitAsStream(text)
                .map(word -> ENDS_SENTENCE.matcher(word).replaceAll(""))
                .map(word -> word.regionMatches(true, 0, "INC-", 0, 4) ? word.toUpperCase(Locale.ROOT) : word)
                .filter(word -> !word.isBlank())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
