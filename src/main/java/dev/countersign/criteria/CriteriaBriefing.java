package dev.countersign.criteria;

import dev.countersign.criteria.Criteria.CounterProposal;
import dev.countersign.criteria.Criteria.CriteriaSet;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What a person sees who is asked about criteria. */
@Component
class CriteriaBriefing {
    private final Releases releases;
    private final Negotiation negotiation;
    private final Bindings bindings;

    CriteriaBriefing(Releases releases, Negotiation negotiation, Bindings bindings) {
        this.releases = releases;
        this.negotiation = negotiation;
        this.bindings = bindings;
    }

    @Transactional(readOnly = true)
    Map<String, Object> of(String releaseKey) {
        Release release = releases.get(releaseKey);
        CriteriaSet set = negotiation.newest(releaseKey);
        var briefing = new LinkedHashMap<String, Object>();
        briefing.put("releaseKey", release.key());
        briefing.put("service", release.service());
        briefing.put("summary", release.summary() == null ? "" : release.summary());
        briefing.put("version", set.version());
        briefing.put("reason", set.reason());
        briefing.put("dossier", set.digest());
        briefing.put("criteria", criteria(set));
        briefing.put("positions", positions(set));
        briefing.put(
                "counters",
                set.counterProposals().stream().map(CriteriaBriefing::row).toList());
        briefing.put("criterionOptions", criterionOptions(set));
        briefing.put("bindingOptions", bindingOptions(release));
        briefing.put("proposalOptions", proposalOptions(set));
        return briefing;
    }

    private static List<Map<String, Object>> criteria(CriteriaSet set) {
        return set.criteria().stream()
                .map(criterion -> Map.<String, Object>of(
                        "number", criterion.number(),
                        "text", criterion.text(),
                        "limit", criterion.limit(),
                        "binding", criterion.binding(),
                        "origin", criterion.origin(),
                        "before", before(criterion.before())))
                .toList();
    }

    private static String before(String before) {
        if (before == null) {
            return "unchanged";
        }
        return before.isEmpty() ? "new" : before;
    }

    private static List<Map<String, Object>> positions(CriteriaSet set) {
        var rows = new ArrayList<Map<String, Object>>();
        set.positions()
                .forEach(position -> rows.add(Map.of(
                        "party", position.party(),
                        "person", position.person(),
                        "choice", position.choice(),
                        "comment", position.comment() == null ? "" : position.comment())));
        set.statements()
                .forEach(statement -> rows.add(Map.of(
                        "party",
                        "release-manager",
                        "person",
                        statement.person(),
                        "choice",
                        "STATEMENT",
                        "comment",
                        statement.text())));
        return rows;
    }

    private static Map<String, Object> row(CounterProposal proposal) {
        return Map.of(
                "party", proposal.party(),
                "criterion",
                        proposal.number() == null ? "new" : proposal.number().toString(),
                "change", change(proposal),
                "reason", proposal.reason());
    }

    private static String change(CounterProposal proposal) {
        return proposal.dropped()
                ? "drop it"
                : proposal.text() + " (" + proposal.limit() + ", " + proposal.binding() + ")";
    }

    private static List<Map<String, Object>> criterionOptions(CriteriaSet set) {
        var options = new ArrayList<Map<String, Object>>();
        set.criteria()
                .forEach(criterion -> options.add(
                        option(String.valueOf(criterion.number()), criterion.number() + " · " + criterion.text())));
        options.add(option("new", "a new criterion"));
        return options;
    }

    private List<Map<String, Object>> bindingOptions(Release release) {
        return bindings.of(release).entrySet().stream()
                .map(known -> option(known.getKey(), known.getKey() + " · " + known.getValue()))
                .toList();
    }

    private static List<Map<String, Object>> proposalOptions(CriteriaSet set) {
        return set.counterProposals().stream()
                .map(proposal -> option(
                        String.valueOf(proposal.id()),
                        proposal.party() + " on "
                                + (proposal.number() == null ? "a new criterion" : "criterion " + proposal.number())
                                + ": " + change(proposal)))
                .toList();
    }

    private static Map<String, Object> option(String value, String label) {
        return Map.of("value", value, "label", label);
    }
}
