package dev.countersign.observe.spans;

import dev.countersign.observe.MonitoringCalls;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.util.unit.DataSize;

/** What is configured of a tracing server, whichever it is. Named by operators only: nothing that a user enters becomes a part of its address. */
public interface TracingProperties {
    /** Where it answers; without it there is no such source. */
    URI url();

    /** Services whose catalog target is one of these have traces here. */
    List<String> targets();

    /** The whole header {@code Authorization}, read anew for each query; null for none. */
    String authorized() throws IOException;

    /** Of one query, its whole answer included. */
    Duration timeout();

    /** An answer larger than this is none. */
    DataSize maxResponse();

    /** Tags that carry the version: the digest or the version number; the first that is there counts. */
    List<String> versionTags();

    /** Traces are asked for by pieces of so much time, so that they are spread over all of it; longer where there were more than 120 pieces. */
    Duration slice();

    /** Traces of a piece. */
    int limit();

    /** What is wrong is told with its key. Called while a record is built, before its members are there. */
    record Check(String prefix) {
        public Check server(URI url, Duration timeout) {
            that(
                    url == null || MonitoringCalls.isAddress(url),
                    "url",
                    "must be http(s)://host[:port][/path], without a user in it");
            return that(timeout.toMillis() > 0, "timeout", "must be positive");
        }

        public Check oneSecret(String key, Object given, Object file) {
            return that(given == null || file == null, key, "stands in a file or here, not in both");
        }

        public Check asking(Duration slice, int limit, int most, List<String> versionTags) {
            that(slice.toMillis() >= 1000, "slice", "must be a second or more");
            that(limit > 0 && limit <= most, "limit", "must be 1 to " + most);
            return that(!versionTags.isEmpty(), "version-tags", "must name one");
        }

        public Check that(boolean condition, String key, String otherwise) {
            if (!condition) {
                throw new IllegalArgumentException(prefix + "." + key + " " + otherwise);
            }
            return this;
        }
    }
}
