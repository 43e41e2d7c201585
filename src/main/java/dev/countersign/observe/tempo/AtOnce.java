package dev.countersign.observe.tempo;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Many questions to one server, some at once, all of them within one time. The first that fails, or is late, fails all. */
final class AtOnce implements AutoCloseable {
    private static final int MOST = 6;
    private final String server;
    private final Duration within;
    private final long began = System.nanoTime();
    private final ExecutorService threads = Executors.newFixedThreadPool(MOST);

    AtOnce(String server, Duration within) {
        this.server = server;
        this.within = within;
    }

    @FunctionalInterface
    interface Question<A, B> {
        B ask(A about) throws IOException;
    }

    <A, B> List<B> all(List<A> about, Question<A, B> question) throws IOException {
        List<Callable<B>> questions = about.stream()
                .<Callable<B>>map(each -> () -> question.ask(each))
                .toList();
        try {
            long left = within.toNanos() - (System.nanoTime() - began);
            List<B> answers = new ArrayList<>();
            for (Future<B> answer : threads.invokeAll(questions, Math.max(0, left), TimeUnit.NANOSECONDS)) {
                answers.add(answer.get());
            }
            return answers;
        } catch (CancellationException late) {
            throw new IOException("%s did not give all traces within %d s".formatted(server, within.toSeconds()), late);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException why
                    ? why
                    : new IOException(server + " gave a trace that cannot be read", failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for " + server, stopped);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
