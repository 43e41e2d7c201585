package dev.countersign.rollout;

import dev.countersign.observe.TraceSource;
import dev.countersign.observe.correlation.CallGraph;
import dev.countersign.observe.correlation.SimulatedServices;
import dev.countersign.observe.correlation.SimulatedServices.Fault;
import dev.countersign.observe.correlation.Trace;
import dev.countersign.observe.correlation.Trace.Call;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** The traces of simulated services as if they were those of a test's release, from the moment that its rollout began. Without a script it knows no service. */
final class ScriptedTraces implements TraceSource {
    private static final int SEED = 1;
    private static final double PER_SECOND = 5;
    private List<Trace> script;
    private boolean down;

    void reset() {
        script = null;
        down = false;
    }

    void goDown() {
        script = List.of();
        down = true;
    }

    /** @param candidate digest that takes the place of the simulated candidate's */
    void play(Fault fault, String candidate, Instant began) {
        Duration later = Duration.between(SimulatedServices.BEGAN, began);
        script = new SimulatedServices(fault, PER_SECOND, new SplittableRandom(SEED))
                .evidence(true).traces().stream()
                        .map(trace -> new Trace(
                                trace.id(),
                                trace.calls().stream()
                                        .map(call -> moved(call, candidate, later))
                                        .toList()))
                        .toList();
    }

    private static Call moved(Call call, String candidate, Duration later) {
        return new Call(
                call.service(),
                SimulatedServices.CANDIDATE.equals(call.version()) ? candidate : call.version(),
                call.at().plus(later),
                call.milliseconds(),
                call.error(),
                call.caller());
    }

    @Override
    public boolean serves(String service) {
        return script != null;
    }

    @Override
    public CallGraph graph(Instant from, Instant until) throws IOException {
        if (down) {
            throw new IOException("the test says no");
        }
        return new CallGraph(Set.of(), false);
    }

    @Override
    public Traced traces(String service, Instant from, Instant until) throws IOException {
        if (down) {
            throw new IOException("the test says no");
        }
        return new Traced(
                script.stream()
                        .filter(trace -> trace.calls().stream()
                                .anyMatch(call -> call.service().equals(service)
                                        && !call.at().isBefore(from)
                                        && call.at().isBefore(until)))
                        .toList(),
                List.of());
    }
}
