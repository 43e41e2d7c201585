package dev.countersign.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads another system's answer up to a size; a larger one is cut off and has failed, whatever it says of its own length. */
public final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {
    private final long limit;
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.Subscription subscription;

    private BoundedBody(long limit) {
        this.limit = limit;
    }

    public static HttpResponse.BodyHandler<byte[]> of(long limit) {
        return info -> new BoundedBody(limit);
    }

    /**
     * Sends a request and waits for the whole answer. The client's own time-out ends with the headers: a body that trickles would hold the caller for ever.
     *
     * @throws IOException when the answer is not there in full within the time, or within what is left to the step ({@link CallBudget}), or is larger than the limit
     */
    public static HttpResponse<byte[]> exchange(HttpClient client, HttpRequest request, long limit, Duration timeout)
            throws IOException, InterruptedException {
        Duration within = CallBudget.atMost(timeout);
        if (within.toMillis() == 0) {
            throw new IOException(
                    timeout.toMillis() == 0
                            ? "No complete answer within " + timeout
                            : "The step's calls together take longer than " + CallBudget.OF_A_STEP
                                    + ": this one was not made any more");
        }
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, of(limit));
        try {
            return answer.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw new IOException("No complete answer within " + within, late);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException unreachable ? unreachable : new IOException(failed);
        }
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        subscription = begun;
        begun.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            if (read.size() + (long) buffer.remaining() > limit) {
                subscription.cancel();
                body.completeExceptionally(new IOException("The answer is larger than %d bytes".formatted(limit)));
                return;
            }
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            read.writeBytes(bytes);
        }
    }

    @Override
    public void onError(Throwable failed) {
        body.completeExceptionally(failed);
    }

    @Override
    public void onComplete() {
        body.complete(read.toByteArray());
    }
}
