package dev.countersign.story;

import com.sun.net.httpserver.HttpExchange;
import dev.countersign.story.Telemetry.Span;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/** The work of services that report traces and logs. Of two of them one asks the other for each request, and answers well whatever becomes of that. */
final class OrdersOfStock {
    /** One of so many requests is traced. */
    private static final int EACH = 3;

    private static final String TRACE = "X-B3-TraceId";
    private static final String SPAN = "X-B3-SpanId";
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Telemetry telemetry;

    OrdersOfStock(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    /** @param port of stock */
    TargetVersion.Work orders(int port) {
        URI stock = URI.create("http://127.0.0.1:" + port + "/");
        return (version, exchange) -> {
            Span span = ThreadLocalRandom.current().nextInt(EACH) == 0 ? Span.root() : null;
            HttpRequest.Builder request = HttpRequest.newBuilder(stock).timeout(Duration.ofSeconds(2));
            if (span != null) {
                request.header(TRACE, span.trace()).header(SPAN, span.id());
            }
            if (version.spoils()) {
                request.header(TargetVersion.IMPOSSIBLE, "yes");
            }
            // Nobody waits for stock: whoever orders has an answer before.
            client.sendAsync(request.build(), BodyHandlers.discarding());
            if (span != null) {
                telemetry.served(version, span, true);
            }
            return CompletableFuture.completedFuture(true);
        };
    }

    /** Asks nobody. What became of a request stands in its log, whatever it answers. */
    static TargetVersion.Work ledger(Telemetry telemetry) {
        return (version, exchange) -> {
            boolean traced = ThreadLocalRandom.current().nextInt(EACH) == 0;
            if (traced && version.losesInSilence()) {
                telemetry.lost(version, Span.root());
            } else if (traced) {
                telemetry.served(version, Span.root(), true);
            }
            return CompletableFuture.completedFuture(true);
        };
    }

    CompletableFuture<Boolean> stock(TargetVersion version, HttpExchange exchange) {
        var headers = exchange.getRequestHeaders();
        boolean well = headers.getFirst(TargetVersion.IMPOSSIBLE) == null;
        if (headers.getFirst(TRACE) != null) {
            telemetry.served(version, Span.below(headers.getFirst(TRACE), headers.getFirst(SPAN)), well);
        }
        return CompletableFuture.completedFuture(well);
    }
}
