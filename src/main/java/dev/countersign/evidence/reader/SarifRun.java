package dev.countersign.evidence.reader;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A run without its results: who ran, with which rules, and whether it finished. */
final class SarifRun {
    private static final java.util.Set<String> DECISIVE = java.util.Set.of("results", "invocations", "tool");

    private final SarifComponent driver = new SarifComponent();
    private final List<SarifComponent> extensions = new ArrayList<>();
    private final List<String> commits = new ArrayList<>();
    private final List<Map<SarifRuleReference, String>> levelsByInvocation = new ArrayList<>();
    private String category = "";
    private boolean hasResults;
    private boolean resultsElsewhere;
    private OwnTime ended = new OwnTime();
    private boolean complete = true;
    private boolean saysHowItEnded = true;

    static SarifRun read(JsonCursor json) throws IOException, Unreadable {
        SarifRun run = new SarifRun();
        json.object("a run", field -> {
            switch (field) {
                case "tool" ->
                    json.object("tool", part -> {
                        switch (part) {
                            case "driver" -> run.driver.read(json);
                            case "extensions" ->
                                json.array("extensions", () -> {
                                    SarifComponent extension = new SarifComponent();
                                    extension.read(json);
                                    run.extensions.add(extension);
                                });
                            default -> {
                                Misspelt.refuse(json, part, java.util.Set.of("driver", "extensions"));
                                json.skip();
                            }
                        }
                    });
                case "invocations" -> json.array("invocations", () -> run.invocation(json));
                case "results" -> {
                    run.hasResults |= !json.isNull();
                    json.skip();
                }
                case "externalPropertyFileReferences" ->
                    json.object(field, reference -> {
                        run.resultsElsewhere |= reference.equals("results") && !json.isNull();
                        json.skip();
                    });
                case "automationDetails" ->
                    json.object(field, part -> {
                        if (part.equals("id")) {
                            run.category = Words.of(json.text("automationDetails.id"));
                        } else {
                            json.skip();
                        }
                    });
                case "versionControlProvenance" ->
                    json.array(
                            field,
                            () -> json.object("an entry of " + field, part -> {
                                if (part.equals("revisionId")) {
                                    String commit = json.text("revisionId");
                                    if (commit != null && !commit.isBlank()) {
                                        run.commits.add(Words.of(commit));
                                    }
                                } else {
                                    json.skip();
                                }
                            }));
                default -> {
                    Misspelt.refuse(json, field, DECISIVE);
                    json.skip();
                }
            }
        });
        return run;
    }

    private void invocation(JsonCursor json) throws IOException, Unreadable {
        Map<SarifRuleReference, String> levels = new HashMap<>();
        boolean[] said = new boolean[1];
        OwnTime end = new OwnTime();
        json.object("an invocation", field -> {
            switch (field) {
                case "endTimeUtc" -> end.said(json.scalar());
                case "executionSuccessful" -> {
                    said[0] = !json.isNull();
                    // Read in any case: the cursor must leave the value.
                    boolean successful = json.truth(field, true);
                    complete = complete && successful;
                }
                case "ruleConfigurationOverrides" ->
                    json.array(field, () -> {
                        SarifRuleReference.Builder rule = new SarifRuleReference.Builder();
                        String[] level = new String[1];
                        json.object("an override", part -> {
                            switch (part) {
                                case "descriptor" -> rule.read(json);
                                case "configuration" -> level[0] = SarifComponent.level(json);
                                default -> {
                                    Misspelt.refuse(json, part, java.util.Set.of("descriptor", "configuration"));
                                    json.skip();
                                }
                            }
                        });
                        if (level[0] != null) {
                            levels.put(rule.build(), level[0]);
                        }
                    });
                default -> {
                    Misspelt.refuse(json, field, java.util.Set.of("executionSuccessful", "ruleConfigurationOverrides"));
                    json.skip();
                }
            }
        });
        // An invocation must say it (SARIF 2.1.0, 3.20.14).
        saysHowItEnded &= said[0];
        levelsByInvocation.add(levels);
        ended = ended.newest(end);
    }

    /** The rule that a result names (SARIF 2.1.0, 3.27.5 to 3.27.7 and 3.52); null where the run does not describe it. */
    SarifComponent.Rule rule(SarifRuleReference reference) {
        SarifComponent named = component(reference);
        SarifComponent.Rule found = named == null ? null : named.find(reference);
        if (found == null && reference.id() != null) {
            // CodeQL and others leave the component out: the id is unique in practice.
            found = driver.find(reference.byId());
            for (int i = 0; found == null && i < extensions.size(); i++) {
                found = extensions.get(i).find(reference.byId());
            }
        }
        return found;
    }

    private SarifComponent component(SarifRuleReference reference) {
        if (reference.component() != null) {
            return reference.component() < extensions.size() ? extensions.get(reference.component()) : null;
        }
        if (reference.componentName() != null && !reference.componentName().equals(driver.name())) {
            return extensions.stream()
                    .filter(extension -> reference.componentName().equals(extension.name()))
                    .findFirst()
                    .orElse(null);
        }
        return driver;
    }

    /** The level that the invocation configured for a rule; null where it configured none. */
    String configuredLevel(int invocation, SarifRuleReference reference) {
        if (invocation < 0 || invocation >= levelsByInvocation.size()) {
            return null;
        }
        SarifComponent.Rule rule = rule(reference);
        return rule == null
                ? null
                : levelsByInvocation.get(invocation).entrySet().stream()
                        .filter(override -> rule(override.getKey()) == rule)
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(null);
    }

    String tool() {
        return driver.name() == null || driver.name().isEmpty() ? "an unnamed tool" : driver.name();
    }

    /** The tool, and what it looked at where it says so: one tool may send several logs for one commit. */
    String source() {
        return category.isEmpty() ? tool() : tool() + " " + category;
    }

    List<String> commits() {
        return commits;
    }

    /** When the last of its invocations ended: each adds to what the ones before it found. */
    OwnTime ended() {
        return ended;
    }

    boolean isComplete() {
        return complete;
    }

    String gap() {
        if (resultsElsewhere) {
            return "keeps results in another file";
        }
        if (hasResults && !saysHowItEnded) {
            return "does not say of an invocation whether it was successful";
        }
        return hasResults ? null : "has no results property, so nothing was analysed";
    }
}
