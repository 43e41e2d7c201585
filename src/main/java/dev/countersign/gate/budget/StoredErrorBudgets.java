package dev.countersign.gate.budget;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.catalog.Slo;
import dev.countersign.gate.budget.RolloutExposure.Plan;
import dev.countersign.observe.SloStates;
import dev.countersign.observe.SloStates.SloState;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseFilter;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.workflow.Decisions;
import dev.countersign.workflow.Decisions.Answered;
import dev.countersign.workflow.ModelDeployment;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Asks the table {@code error-budget} with what has been counted. */
@Component
class StoredErrorBudgets implements ErrorBudgets {
    static final String TABLE = "error-budget";
    private static final List<String> REQUIRED = List.of("availability", "latency", "errors");
    private static final String NONE = "none";
    private static final String PARTIAL = "partial";
    private static final List<String> WORDS = List.of("left", "spent", "unknown", NONE, PARTIAL, "first");
    private static final Duration LATELY = Duration.ofHours(1);

    private final SloStates objectives;
    private final Catalog catalog;
    private final Decisions decisions;
    private final ModelDeployment models;
    private final RolloutExposure exposure;
    private final Releases releases;
    private final Clock clock;

    StoredErrorBudgets(
            SloStates objectives,
            Catalog catalog,
            Decisions decisions,
            ModelDeployment models,
            RolloutExposure exposure,
            Releases releases,
            Clock clock) {
        this.objectives = objectives;
        this.catalog = catalog;
        this.decisions = decisions;
        this.models = models;
        this.exposure = exposure;
        this.releases = releases;
        this.clock = clock;
    }

    /** What the table is asked, and of which objectives it was found. */
    private record Found(String budget, String because) {}

    @Override
    public Standing of(Release release) {
        List<SloState> states = objectives.of(release.service());
        // Until the tier has been decided the strictest one counts.
        String tier = release.tier() == null ? "critical" : release.tier();
        Plan plan = exposure.of(release.policy(), tier, catalogTarget(release.service()), release.isFlagged())
                .orElse(null);
        List<Slo> slos = catalog.slosOf(release.service());
        List<Cost> costs = plan == null
                ? List.of()
                : slos.stream()
                        .map(slo -> RolloutCost.of(slo, plan.parts(), plan.maxErrorRate()))
                        .toList();
        return new Standing(
                closure(release.policy(), release.service(), release.kind(), tier, states),
                plan == null ? null : new Forecast(plan.parts(), costs, plan.version()),
                states.stream()
                        .map(state -> new Line(
                                state,
                                costs.stream()
                                        .filter(cost -> cost.objective().equals(state.name()))
                                        .findFirst()
                                        .orElse(null)))
                        .toList());
    }

    @Override
    public Closure ofService(String service) {
        String tier = catalog.service(service).map(Service::tier).orElse("critical");
        return closure(models.current(), service, "standard", tier, objectives.of(service));
    }

    @Override
    public String against(Release release) {
        return closing(release, objectives::of).map(Closure::sentence).orElse(null);
    }

    /** What nobody has promised does not become known by asking again. */
    @Override
    public String againstNow(Release release) throws IOException {
        List<SloState> states = new ArrayList<>();
        Optional<Closure> closing = closing(release, service -> {
            states.addAll(objectives.of(service));
            return states;
        });
        if (closing.filter(closed -> "unknown".equals(closed.budget())).isPresent()
                && unpromised(states).isEmpty()) {
            throw new IOException(closing.get().sentence());
        }
        return closing.map(Closure::sentence).orElse(null);
    }

    private Optional<Closure> closing(Release release, Function<String, List<SloState>> states) {
        if (!decisions.knows(release.policy(), TABLE)) {
            return Optional.empty();
        }
        String tier = release.tier() == null ? "critical" : release.tier();
        // Where nothing closes it, as in the sandbox, nothing need be counted.
        if (WORDS.stream()
                .noneMatch(word -> isClosed(row(release.policy(), release.service(), release.kind(), tier, word)))) {
            return Optional.empty();
        }
        return Optional.of(closure(
                        release.policy(), release.service(), release.kind(), tier, states.apply(release.service())))
                .filter(Closure::closed);
    }

    private Closure closure(String policy, String service, String kind, String tier, List<SloState> states) {
        Found found = found(service, states);
        if (policy == null || !decisions.knows(policy, TABLE)) {
            return new Closure(service, found.budget(), false, found.because(), null, null);
        }
        Answered answer = row(policy, service, kind, tier, found.budget());
        return new Closure(
                service,
                found.budget(),
                isClosed(answer),
                found.because(),
                answer.rows().isEmpty()
                        ? "no row of the table answers"
                        : String.valueOf(answer.rows().get(0).get("rule")),
                answer.version());
    }

    /** A table that is older than the words for nothing promised, or not all, answers for what is not known. */
    private Answered row(String policy, String service, String kind, String tier, String budget) {
        Answered answer = decisions.ask(
                policy, TABLE, Map.of("kind", kind, "tier", tier, "target", target(service), "budget", budget));
        return answer.rows().isEmpty() && (NONE.equals(budget) || PARTIAL.equals(budget))
                ? row(policy, service, kind, tier, "unknown")
                : answer;
    }

    /** Whatever is not said to be open is closed. */
    private static boolean isClosed(Answered answer) {
        return answer.rows().isEmpty() || !"open".equals(answer.rows().get(0).get("service"));
    }

    private Found found(String service, List<SloState> states) {
        List<SloState> spent = states.stream().filter(SloState::isSpent).toList();
        if (!spent.isEmpty()) {
            return new Found("spent", words(spent, StoredErrorBudgets::left));
        }
        List<String> missing = unpromised(states);
        List<SloState> unknown = states.stream().filter(SloState::isUnknown).toList();
        if (!missing.isEmpty()) {
            // Nothing declared at all, and some of it, are told from what is declared and cannot be read.
            String word = states.isEmpty() ? NONE : unknown.isEmpty() || isFirst(service, states) ? PARTIAL : "unknown";
            return new Found(word, "nothing is promised for " + String.join(" and ", missing));
        }
        if (unknown.isEmpty()) {
            return new Found("left", words(states, StoredErrorBudgets::left));
        }
        String because = words(unknown, state -> "is not known: " + state.trouble());
        return new Found(isFirst(service, states) ? "first" : "unknown", because);
    }

    private static List<String> unpromised(List<SloState> states) {
        List<String> missing = new ArrayList<>(REQUIRED);
        states.forEach(state -> missing.remove(state.kind()));
        return missing;
    }

    /** Its source answers and has never seen anything of it, and nothing of it has become stable here. */
    private boolean isFirst(String service, List<SloState> states) {
        Instant lately = clock.instant().minus(LATELY);
        return states.stream()
                        .allMatch(state -> state.measuredUntil() == null
                                && state.measuredSince() == null
                                && state.countedUntil() != null
                                && state.countedUntil().isAfter(lately))
                && releases.count(new ReleaseFilter(Set.of(service), Set.of(ReleaseState.STABLE), null, null, 0, 1))
                        == 0;
    }

    private static String left(SloState state) {
        return String.format(
                Locale.ROOT, "has %.1f %% of its error budget left", Math.max(-9.99, state.budgetRemaining()) * 100);
    }

    private static String words(List<SloState> states, Function<SloState, String> words) {
        return states.stream()
                .map(state -> state.name() + " " + words.apply(state))
                .collect(Collectors.joining(", "));
    }

    /** Whatever is not the sandbox counts as production: a service that the catalog does not know, too. */
    private String target(String service) {
        return "sandbox".equals(catalogTarget(service)) ? "sandbox" : "production";
    }

    private String catalogTarget(String service) {
        return catalog.service(service).map(Service::target).orElse("production");
    }
}
