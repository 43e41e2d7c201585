package dev.countersign.portfolio;

import dev.countersign.criteria.Criteria.CriteriaSet;
import dev.countersign.criteria.Criteria.Criterion;
import dev.countersign.criteria.Limit;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.release.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Measures each agreed criterion on the facts that gates and observations stored. What was not measured is NO_DATA. */
final class CriterionVerdicts {
    private final List<Gate> gates;
    private final List<Observation> observations;
    private final List<Sample> samples;

    CriterionVerdicts(List<Gate> gates, List<Observation> observations, List<Sample> samples) {
        this.gates = gates;
        this.observations = observations;
        this.samples = samples;
    }

    List<CriterionVerdict> of(CriteriaSet set) {
        return set.criteria().stream().map(this::of).toList();
    }

    private CriterionVerdict of(Criterion criterion) {
        String name = criterion.binding().substring(criterion.binding().indexOf(':') + 1);
        if (criterion.binding().startsWith("gate:")) {
            return gate(criterion, name);
        }
        if (criterion.binding().startsWith("slo:")) {
            return slo(criterion, name);
        }
        return switch (name) {
            case "errorRate" -> errorRate(criterion);
            case "latencyIncrease" -> latency(criterion);
            default -> noData(criterion, "No measurement of " + name + " has arrived");
        };
    }

    private CriterionVerdict gate(Criterion criterion, String name) {
        Optional<Gate> gate =
                gates.stream().filter(one -> one.name().equals(name)).findFirst();
        if (gate.isEmpty() || gate.get().verdict() == null) {
            return noData(criterion, "The gate " + name + " has no verdict yet");
        }
        return new CriterionVerdict(
                criterion,
                gate.get().verdict(),
                gate.get().value(),
                gate.get().sample(),
                gate.get().sentence());
    }

    private CriterionVerdict slo(Criterion criterion, String name) {
        return observations.stream()
                .filter(observation ->
                        "stabilisation".equals(observation.order().kind()))
                .map(Observation::latest)
                .filter(judgement -> judgement != null)
                .reduce((first, second) -> second)
                .map(judgement -> slo(criterion, name, judgement))
                .orElseGet(() -> noData(criterion, "Judged over the stabilisation window, which has not begun"));
    }

    /** The whole stabilisation passes only when every objective holds; one that failed names itself. */
    private static CriterionVerdict slo(Criterion criterion, String name, Judgement judgement) {
        boolean about = name.equals(judgement.metric());
        Verdict verdict = Verdict.valueOf(judgement.verdict());
        if (about && judgement.value() != null) {
            return compared(criterion, judgement.value(), judgement.sample(), judgement.sentence());
        }
        return verdict != Verdict.FAIL || about
                ? new CriterionVerdict(criterion, verdict, null, judgement.sample(), judgement.sentence())
                : noData(criterion, "Not judged: " + judgement.sentence());
    }

    private CriterionVerdict errorRate(Criterion criterion) {
        List<Sample> candidate = duringSteps(true);
        long requests = candidate.stream().mapToLong(Sample::requests).sum();
        if (requests == 0) {
            return noData(criterion, "No request has reached the candidate during the rollout");
        }
        double rate = (double) candidate.stream().mapToLong(Sample::errors).sum() / requests;
        return compared(
                criterion, rate, requests, "Over " + requests + " requests to the candidate during the rollout");
    }

    private CriterionVerdict latency(Criterion criterion) {
        Optional<Double> candidate = weighted(duringSteps(true), Sample::latencyP95Ms);
        Optional<Double> baseline = weighted(duringSteps(false), Sample::latencyP95Ms);
        if (candidate.isEmpty() || baseline.isEmpty()) {
            return noData(criterion, "Candidate and baseline were not both measured during the rollout");
        }
        return compared(
                criterion,
                candidate.get() - baseline.get(),
                duringSteps(true).stream().mapToLong(Sample::requests).sum(),
                String.format(
                        Locale.ROOT,
                        "Candidate %.0f ms, baseline %.0f ms, weighted by requests during the rollout",
                        candidate.get(),
                        baseline.get()));
    }

    private static CriterionVerdict compared(Criterion criterion, double value, Long sample, String why) {
        Optional<Limit> limit = Limit.parse(criterion.limit());
        return limit.map(known -> new CriterionVerdict(
                        criterion,
                        known.holds(value) ? Verdict.PASS : Verdict.FAIL,
                        written(value, known.unit()),
                        sample,
                        why))
                .orElseGet(() -> noData(criterion, "The limit " + criterion.limit() + " cannot be checked"));
    }

    private static String written(double value, String unit) {
        return switch (unit) {
            case "%" -> String.format(Locale.ROOT, "%.2f %%", value * 100);
            case "" -> String.format(Locale.ROOT, "%.4g", value);
            default -> String.format(Locale.ROOT, "%.0f %s", value, unit);
        };
    }

    private List<Sample> duringSteps(boolean candidate) {
        return samples.stream()
                .filter(sample -> observations.stream()
                        .filter(observation -> "step".equals(observation.order().kind()))
                        .filter(observation -> !sample.at().isBefore(observation.since()))
                        .anyMatch(observation -> sample.version()
                                .equals(
                                        candidate
                                                ? observation.order().candidate()
                                                : observation.order().baseline())))
                .toList();
    }

    private static Optional<Double> weighted(List<Sample> samples, Function<Sample, Double> figure) {
        double sum = 0;
        long requests = 0;
        for (Sample sample : samples) {
            Double value = figure.apply(sample);
            if (value != null && sample.requests() > 0) {
                sum += value * sample.requests();
                requests += sample.requests();
            }
        }
        return requests == 0 ? Optional.empty() : Optional.of(sum / requests);
    }

    private static CriterionVerdict noData(Criterion criterion, String why) {
        return new CriterionVerdict(criterion, Verdict.NO_DATA, null, null, why);
    }
}
