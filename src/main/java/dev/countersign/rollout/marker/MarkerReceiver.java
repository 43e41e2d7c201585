package dev.countersign.rollout.marker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;

/** A configured tool that is told of markers, each by a task of its own: none waits for another, and no release for any. */
interface MarkerReceiver {
    TaskDescriptor<Void> task();
}
