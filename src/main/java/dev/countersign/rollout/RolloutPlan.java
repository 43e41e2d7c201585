package dev.countersign.rollout;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.countersign.observe.Observations.Triggers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A release's plan, frozen when its rollout begins. */
public record RolloutPlan(
        List<Step> steps,
        Duration stabilisationWindow,
        Duration stabilisationMaximum,
        Triggers triggers,
        String version) {
    /** What leads on from a step that passed. */
    public enum Promotion {
        AUTOMATIC,
        PERSON;

        /** A plan that says nothing is automatic. A word that nobody knows, which the model check refuses, asks a person. */
        static Promotion of(Object word) {
            return word == null || AUTOMATIC.id().equals(word) ? AUTOMATIC : PERSON;
        }

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a step's share is a share of. */
    public enum Exposure {
        /** Of the traffic: the router splits it. */
        TRAFFIC,
        /** Of those for whom the release's flag is on. Traffic stays where the last step of traffic left it. */
        FLAG;

        /**
         * A plan that says nothing moves traffic.
         *
         * @throws IllegalStateException for a word that nobody knows: what it would have moved cannot be told
         */
        static Exposure of(Object word) {
            if (word == null || TRAFFIC.id().equals(word)) {
                return TRAFFIC;
            }
            if (FLAG.id().equals(word)) {
                return FLAG;
            }
            throw new IllegalStateException(
                    "The table rollout-plan exposes by '%s': it knows traffic and flag".formatted(word));
        }

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param share of the candidate, or of those for whom the flag is on
     * @param window unbroken time that passes the step
     * @param maximum at this age without a verdict a person decides
     * @param promotion never null; plans frozen before there was a choice are automatic
     * @param exposure never null; plans frozen before there was a choice move traffic
     */
    public record Step(
            int number, double share, Duration window, Duration maximum, Promotion promotion, Exposure exposure) {
        public Step {
            promotion = promotion == null ? Promotion.AUTOMATIC : promotion;
            exposure = exposure == null ? Exposure.TRAFFIC : exposure;
        }

        public Step(int number, double share, Duration window, Duration maximum, Promotion promotion) {
            this(number, share, window, maximum, promotion, Exposure.TRAFFIC);
        }

        public static Step automatic(int number, double share, Duration window, Duration maximum) {
            return new Step(number, share, window, maximum, Promotion.AUTOMATIC);
        }

        @JsonIgnore
        public boolean isByFlag() {
            return exposure == Exposure.FLAG;
        }

        /** For the page. */
        public boolean isPromotedByPerson() {
            return promotion == Promotion.PERSON;
        }
    }

    public Step step(int number) {
        return steps.get(number - 1);
    }

    @JsonIgnore
    public boolean isByFlag() {
        return steps.stream().anyMatch(Step::isByFlag);
    }

    /** The flag decides who is served by the candidate: no step moves traffic. */
    boolean isByFlagAlone() {
        return isByFlag() && steps.stream().allMatch(Step::isByFlag);
    }

    /** The share of the traffic that a step stands on: a flag exposes only what runs. Empty where the flag alone decides who is served by the candidate. */
    Optional<Double> trafficAt(int number) {
        return steps.stream()
                .filter(step -> step.number() <= number && !step.isByFlag())
                .reduce((earlier, later) -> later)
                .map(Step::share);
    }

    /**
     * Whether the plan can be carried out for a release.
     *
     * @throws IllegalStateException where it ramps a flag that the release does not name, or would move traffic under users for whom a flag is on
     */
    RolloutPlan possibleFor(boolean flagged) {
        if (isByFlag() && !flagged) {
            throw new IllegalStateException("The plan %s ramps a flag, and the release names none".formatted(version));
        }
        boolean trafficAfterFlag =
                steps.stream().dropWhile(step -> !step.isByFlag()).anyMatch(step -> !step.isByFlag());
        if (trafficAfterFlag) {
            throw new IllegalStateException(
                    "The plan %s moves traffic after it ramped the flag: what was seen of the flag says nothing then"
                            .formatted(version));
        }
        return this;
    }
}
