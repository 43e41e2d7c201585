package dev.countersign.evidence;

import dev.countersign.evidence.EvidenceSource.Answer;
import dev.countersign.evidence.EvidenceSource.Asked;
import dev.countersign.evidence.reader.Words;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Asks several systems at the same time, each in a thread of its own, and waits for none longer than was said. */
@Component
class Asking {
    private static final Logger LOG = LoggerFactory.getLogger(Asking.class);
    private static final int MOST = 32;
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, MOST, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                Thread thread = new Thread(work, "evidence-source");
                thread.setDaemon(true);
                return thread;
            });

    /** @param failure why there is no answer; null where there is one */
    record Heard(Answer answer, SourceUnavailable failure) {}

    Map<EvidenceSource, Heard> all(List<EvidenceSource> sources, Asked asked, Duration within) {
        long end = System.nanoTime() + within.toNanos();
        Map<EvidenceSource, Future<Answer>> begun = new LinkedHashMap<>();
        Map<EvidenceSource, Heard> heard = new LinkedHashMap<>();
        for (EvidenceSource source : sources) {
            try {
                begun.put(source, threads.submit(() -> source.fetch(asked, within)));
            } catch (RejectedExecutionException full) {
                heard.put(source, failed("too many systems are being asked at the same time"));
            }
        }
        begun.forEach((source, answer) -> heard.put(source, heard(source, answer, end, within)));
        return heard;
    }

    private static Heard heard(EvidenceSource source, Future<Answer> answer, long end, Duration within) {
        try {
            return new Heard(answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS), null);
        } catch (TimeoutException late) {
            answer.cancel(true);
            return failed("no answer within %d s".formatted(within.toSeconds()));
        } catch (InterruptedException stopped) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return failed("interrupted while it was asked");
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof SourceUnavailable unavailable) {
                return new Heard(null, unavailable);
            }
            LOG.warn("The source {} failed", source.name(), failure.getCause());
            return failed("its answer could not be worked on ("
                    + failure.getCause().getClass().getSimpleName() + ": "
                    + Words.of(String.valueOf(failure.getCause().getMessage())) + ")");
        }
    }

    private static Heard failed(String reason) {
        return new Heard(null, new SourceUnavailable(reason));
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }
}
