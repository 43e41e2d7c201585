package dev.countersign.portfolio;

import dev.countersign.workflow.PolicyChanges;
import dev.countersign.workflow.PolicyChanges.Change;
import dev.countersign.workflow.PolicyChanges.State;
import java.util.List;
import org.springframework.stereotype.Component;

/** Changes of policy that nobody has decided yet, each with the task that it waits in. */
@Component
class PendingChanges {
    private final PolicyChanges changes;
    private final OpenTasks tasks;

    PendingChanges(PolicyChanges changes, OpenTasks tasks) {
        this.changes = changes;
        this.tasks = tasks;
    }

    List<Pending> now() {
        List<Change> open = changes.open();
        var waiting = tasks.ofAll(
                open.stream().map(change -> PolicyChanges.keyOf(change.id())).toList());
        return open.stream()
                .map(change -> new Pending(
                        change,
                        waiting.getOrDefault(PolicyChanges.keyOf(change.id()), List.of()).stream()
                                .findFirst()
                                .orElse(null),
                        change.state() == State.REFUSED ? List.of() : changes.approvers(change.id())))
                .toList();
    }

    /**
     * @param task null where nobody is asked: the change is refused, or its step is just running
     * @param approvers groups, whoever submitted the change excepted
     */
    record Pending(Change change, Waiting task, List<String> approvers) {
        public boolean isRefused() {
            return change.state() == State.REFUSED;
        }
    }
}
