package dev.countersign.observe.prometheus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prometheus' remote write protocol 1.0 (protobuf in snappy's block format, uncompressed literals), as far as counters and native histograms need it: promtool brings in no
 * native ones.
 */
final class RemoteWrite {
    private final ByteArrayOutputStream request = new ByteArrayOutputStream();

    /** @param values of a counter, by time */
    RemoteWrite counter(Map<String, String> labels, Map<Instant, Double> values) {
        ByteArrayOutputStream series = labels(labels);
        new TreeMap<>(values).forEach((at, value) -> {
            ByteArrayOutputStream sample = new ByteArrayOutputStream();
            fixed(sample, 1, value);
            tag(sample, 2, 0);
            varint(sample, at.toEpochMilli());
            message(series, 2, sample);
        });
        message(request, 1, series);
        return this;
    }

    /**
     * Of schema 0: each bound is twice the one before it.
     *
     * @param offset of the first bucket: 0 ends at 1, -1 at a half
     * @param counts of the buckets in a row, cumulative over time, by time; the last is of the bucket around zero
     */
    RemoteWrite histogram(Map<String, String> labels, int offset, Map<Instant, List<Long>> counts) {
        ByteArrayOutputStream series = labels(labels);
        new TreeMap<>(counts).forEach((at, buckets) -> {
            ByteArrayOutputStream histogram = new ByteArrayOutputStream();
            tag(histogram, 1, 0);
            varint(histogram, buckets.stream().mapToLong(Long::longValue).sum());
            fixed(histogram, 3, 1);
            tag(histogram, 4, 0);
            varint(histogram, 0);
            fixed(histogram, 5, 0.001);
            int last = buckets.size() - 1;
            tag(histogram, 6, 0);
            varint(histogram, buckets.get(last));
            ByteArrayOutputStream span = new ByteArrayOutputStream();
            tag(span, 1, 0);
            varint(span, zigzag(offset));
            tag(span, 2, 0);
            varint(span, last);
            message(histogram, 11, span);
            ByteArrayOutputStream deltas = new ByteArrayOutputStream();
            long before = 0;
            for (int bucket = 0; bucket < last; bucket++) {
                varint(deltas, zigzag(buckets.get(bucket) - before));
                before = buckets.get(bucket);
            }
            message(histogram, 12, deltas);
            tag(histogram, 15, 0);
            varint(histogram, at.toEpochMilli());
            message(series, 4, histogram);
        });
        message(request, 1, series);
        return this;
    }

    void send(URI server) throws IOException, InterruptedException {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.resolve("/api/v1/write"))
                                .header("Content-Encoding", "snappy")
                                .header("Content-Type", "application/x-protobuf")
                                .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(snappy(request.toByteArray())))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 204) {
            throw new IOException("Prometheus refuses the data: " + response.statusCode() + " " + response.body());
        }
    }

    private static byte[] snappy(byte[] content) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        varint(block, content.length);
        for (int at = 0; at < content.length; at += 65_536) {
            int length = Math.min(65_536, content.length - at);
            block.write(61 << 2);
            block.write((length - 1) & 0xff);
            block.write((length - 1) >> 8);
            block.write(content, at, length);
        }
        return block.toByteArray();
    }

    private static ByteArrayOutputStream labels(Map<String, String> labels) {
        ByteArrayOutputStream series = new ByteArrayOutputStream();
        new TreeMap<>(labels).forEach((name, value) -> {
            ByteArrayOutputStream label = new ByteArrayOutputStream();
            text(label, 1, name);
            text(label, 2, value);
            message(series, 1, label);
        });
        return series;
    }

    private static void text(ByteArrayOutputStream out, int field, String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        message(out, field, bytes);
    }

    private static void message(ByteArrayOutputStream out, int field, ByteArrayOutputStream message) {
        tag(out, field, 2);
        varint(out, message.size());
        out.writeBytes(message.toByteArray());
    }

    private static void fixed(ByteArrayOutputStream out, int field, double value) {
        tag(out, field, 1);
        out.writeBytes(ByteBuffer.allocate(Double.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(value)
                .array());
    }

    private static void tag(ByteArrayOutputStream out, int field, int type) {
        varint(out, (long) field << 3 | type);
    }

    private static long zigzag(long value) {
        return value << 1 ^ value >> 63;
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
