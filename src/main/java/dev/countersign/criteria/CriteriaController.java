package dev.countersign.criteria;

import dev.countersign.api.Problem;
import dev.countersign.criteria.Criteria.CriteriaSet;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import java.util.ArrayList;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/releases/{key}/criteria")
class CriteriaController {
    private final Criteria criteria;
    private final Negotiation negotiation;
    private final Bindings bindings;
    private final Releases releases;
    private final Actors actors;

    CriteriaController(
            Criteria criteria, Negotiation negotiation, Bindings bindings, Releases releases, Actors actors) {
        this.criteria = criteria;
        this.negotiation = negotiation;
        this.bindings = bindings;
        this.releases = releases;
        this.actors = actors;
    }

    /** Every version of the criteria, oldest first, with positions and counter-proposals. */
    @GetMapping
    List<CriteriaSet> history(@PathVariable String key) {
        releases.get(key);
        return criteria.history(key);
    }

    /** A new version by a release manager; the parties have to agree anew. */
    @PostMapping
    CriteriaSet change(@PathVariable String key, @RequestBody Change change) {
        actors.require(Role.RELEASE_MANAGER);
        Release release = releases.get(key);
        return negotiation.change(key, valid(release, change), change.reason().strip());
    }

    private List<Draft> valid(Release release, Change change) {
        var errors = new ArrayList<Problem.FieldError>();
        if (change.reason() == null || change.reason().isBlank()) {
            errors.add(new Problem.FieldError("/reason", "Say why the criteria change"));
        }
        if (change.criteria() == null || change.criteria().isEmpty()) {
            throw Problem.invalid("/criteria", "A release has at least one acceptance criterion");
        }
        var known = bindings.of(release);
        var drafts = new ArrayList<Draft>();
        for (int i = 0; i < change.criteria().size(); i++) {
            Wanted wanted = change.criteria().get(i);
            var draft =
                    new Draft(wanted.text(), wanted.binding(), wanted.limit(), "change by " + actors.current(), null);
            drafts.add(draft);
            String at = "/criteria/" + i + "/";
            bindings.fault(release, known, draft)
                    .ifPresent(fault -> errors.add(new Problem.FieldError(at + fault.pointer(), fault.message())));
        }
        if (!errors.isEmpty()) {
            throw Problem.invalid("These criteria cannot be put to the parties", errors);
        }
        return drafts;
    }

    record Change(String reason, List<Wanted> criteria) {}

    record Wanted(String text, String binding, String limit) {}
}
