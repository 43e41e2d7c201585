package dev.countersign.gate;

import dev.countersign.gate.GateEvaluation.GateEvaluated;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.release.Verdict;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * Requests that wait for a gate's verdict. A waiting request holds neither a thread nor a connection: an evaluation on this node
 * answers it after its commit; one on another node is seen by a look each second, one query for each gate that is waited for.
 */
@Component
class GateWaits {
    private static final Logger LOG = LoggerFactory.getLogger(GateWaits.class);
    private static final Set<Verdict> OPEN = Set.of(Verdict.NO_DATA, Verdict.INCONCLUSIVE);
    private final EveryGate gates;
    private final Map<Awaited, Set<DeferredResult<GateAnswer>>> waiting = new ConcurrentHashMap<>();
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "gate-waits");
        thread.setDaemon(true);
        return thread;
    });

    private record Awaited(String releaseKey, String gate) {}

    GateWaits(EveryGate gates) {
        this.gates = gates;
        looks.scheduleWithFixedDelay(this::lookAtAll, 1, 1, TimeUnit.SECONDS);
    }

    /** Answers when the gate has a verdict or is clear, and as it stands when the time is over. */
    DeferredResult<GateAnswer> until(String releaseKey, Gate now, Duration wait) {
        var answer = new DeferredResult<GateAnswer>(Math.max(1, wait.toMillis()));
        if (wait.isZero() || isSettled(now)) {
            answer.setResult(GateAnswer.of(now));
            return answer;
        }
        var awaited = new Awaited(releaseKey, now.name());
        answer.onTimeout(() -> answer.setResult(stand(awaited)));
        answer.onCompletion(() -> forget(awaited, answer));
        waiting.compute(awaited, (key, others) -> {
            Set<DeferredResult<GateAnswer>> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(answer);
            return all;
        });
        // It may have been evaluated between the caller's look and now.
        look(awaited);
        return answer;
    }

    @TransactionalEventListener
    void on(GateEvaluated evaluated) {
        var awaited = new Awaited(evaluated.releaseKey(), evaluated.gate());
        if (waiting.containsKey(awaited)) {
            // After commit the old connection is still bound to this thread: look from the other one.
            looks.execute(() -> look(awaited));
        }
    }

    private void lookAtAll() {
        waiting.keySet().forEach(this::look);
    }

    private void look(Awaited awaited) {
        try {
            Gate gate = gates.find(awaited.releaseKey(), awaited.gate()).orElse(null);
            if (gate != null && isSettled(gate)) {
                Set<DeferredResult<GateAnswer>> answered = waiting.remove(awaited);
                if (answered != null) {
                    answered.forEach(answer -> answer.setResult(GateAnswer.of(gate)));
                }
            }
        } catch (RuntimeException failed) {
            LOG.warn("Cannot look at gate {} of {} now", awaited.gate(), awaited.releaseKey(), failed);
        }
    }

    private GateAnswer stand(Awaited awaited) {
        return GateAnswer.of(gates.get(awaited.releaseKey(), awaited.gate()));
    }

    private void forget(Awaited awaited, DeferredResult<GateAnswer> answer) {
        waiting.computeIfPresent(awaited, (key, all) -> {
            all.remove(answer);
            return all.isEmpty() ? null : all;
        });
    }

    private static boolean isSettled(Gate gate) {
        return gate.isClear() || !OPEN.contains(gate.verdict());
    }

    @PreDestroy
    void stop() {
        looks.shutdownNow();
    }
}
