package dev.countersign.observe;

import dev.countersign.observe.Observations.Judgement;
import java.time.Instant;
import java.util.List;

/** What keeps a release from becoming stable although its objectives hold: figures, pages and latency that got worse once nobody served beside it. */
record BesideObjectives(Findings findings, Signals signals, LatencyAfter latency) {
    /** @param ofObjectives what they say of the window that began */
    Ruling ruling(Ruling ofObjectives, Instant unbrokenSince) {
        if (ofObjectives.is(Outcome.PASS)) {
            List<SignalLook> looks = signals.atWindow();
            return signals.ruling(findings, looks).orElseGet(() -> passed(ofObjectives, looks));
        }
        if (ofObjectives.last() || !latency.began(unbrokenSince)) {
            return ofObjectives;
        }
        if (latency.hasNothingSince(unbrokenSince)) {
            // The objectives have nothing to tell of a window that begins now.
            return Ruling.open(findings.slowerThanLast(latency, ""), unbrokenSince);
        }
        return unbrokenSince.equals(ofObjectives.unbrokenSince()) ? slower(ofObjectives) : ofObjectives;
    }

    private Ruling passed(Ruling ofObjectives, List<SignalLook> looks) {
        Judgement held = ofObjectives.judgement();
        return new Ruling(
                findings.of(
                        Outcome.PASS,
                        held.metric(),
                        held.value(),
                        held.limit(),
                        held.sample(),
                        held.sentence() + "; " + latency.figures() + Signals.figures(looks)),
                ofObjectives.unbrokenSince(),
                true);
    }

    private Ruling slower(Ruling ofObjectives) {
        return Ruling.open(
                findings.slowerThanLast(latency, ". " + ofObjectives.judgement().sentence()),
                ofObjectives.unbrokenSince());
    }
}
