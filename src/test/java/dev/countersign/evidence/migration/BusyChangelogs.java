package dev.countersign.evidence.migration;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Changelogs of others that are being read for as long as a request waits for them. */
public final class BusyChangelogs {
    private BusyChangelogs() {}

    /** What the request answers whose patience ends while it waits. */
    public static <T> T answerOf(Callable<T> request) throws Exception {
        FutureTask<T> task = new FutureTask<>(request);
        Thread waiting = new Thread(task, "waits for changelogs");
        Changelog.READING.lock();
        try {
            waiting.start();
            while (!Changelog.READING.hasQueuedThread(waiting) && !task.isDone()) {
                Thread.onSpinWait();
            }
            waiting.interrupt();
            return task.get(30, TimeUnit.SECONDS);
        } finally {
            Changelog.READING.unlock();
        }
    }
}
