package dev.countersign.rollout;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.countersign.observe.Observations.Triggers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

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

    /**
     * @param share of the candidate
     * @param window unbroken time that passes the step
     * @param maximum at this age without a verdict a person decides
     * @param promotion never null; plans frozen before there was a choice are automatic
     */
    public record Step(int number, double share, Duration window, Duration maximum, Promotion promotion) {
        public Step {
            promotion = promotion == null ? Promotion.AUTOMATIC : promotion;
        }

        public static Step automatic(int number, double share, Duration window, Duration maximum) {
            return new Step(number, share, window, maximum, Promotion.AUTOMATIC);
        }

        /** For the page. */
        public boolean isPromotedByPerson() {
            return promotion == Promotion.PERSON;
        }
    }

    public Step step(int number) {
        return steps.get(number - 1);
    }
}
