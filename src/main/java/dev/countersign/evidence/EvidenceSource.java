package dev.countersign.evidence;

import dev.countersign.release.Release;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A system that holds evidence and is asked for it: a connector, chosen by configuration, or a measurement of the platform's own. What it brings goes through the
 * ordinary intake. It is called outside of transactions that hold a release, in a thread of its own that is interrupted when the time is over.
 */
public interface EvidenceSource {
    /** A word, stable: documents are kept under it, as {@code name: part}. */
    String name();

    /** The types of documents that it may have for this release, cheap to say and without asking it; empty where it has nothing to do with it. */
    Set<String> types(Asked asked);

    /** Whether the platform finds it out itself, so that nobody else's document of these types is taken for the release. */
    default boolean isOnlyWord() {
        return false;
    }

    /**
     * Asks the system. The same answer gives the same bytes, so that nothing counts twice.
     *
     * @param within what is left of the time
     * @throws SourceUnavailable when it cannot be asked, or its answer cannot be understood: never an empty answer instead
     */
    Answer fetch(Asked asked, Duration within) throws SourceUnavailable, InterruptedException;

    /** @param target of the service in the catalog, {@code production} where it is not known */
    record Asked(Release release, String target) {}

    /** @param missing why there is no document, or not all of them, in words; null where nothing is missing */
    record Answer(List<Fetched> documents, String missing) {
        public Answer {
            documents = List.copyOf(documents);
        }

        public static Answer of(List<Fetched> documents) {
            return new Answer(documents, null);
        }

        public static Answer nothing(String why) {
            return new Answer(List.of(), why);
        }
    }

    /**
     * @param type in the HTTP contract, for example {@code junit}
     * @param part which of the source's documents of this type it is: a later one of the same part replaces it
     * @param about what the system itself says that it is about; null where the document states it
     * @param live whether it tells how something is now, and not what was found once: asked again it is as young as the answer
     * @param environment that it looked at, where the connector knows it; it counts where the catalog knows it, too
     */
    record Fetched(String type, String part, Body body, About about, boolean live, String environment) {
        /** What was found once: a report. */
        public static Fetched report(String type, String part, byte[] bytes, About about) {
            byte[] own = bytes.clone();
            return new Fetched(type, part, () -> new ByteArrayInputStream(own), about, false, null);
        }

        /** How something is now: a state. */
        public static Fetched state(String type, String part, byte[] bytes, About about) {
            byte[] own = bytes.clone();
            return new Fetched(type, part, () -> new ByteArrayInputStream(own), about, true, null);
        }

        public Fetched in(String where) {
            return new Fetched(type, part, body, about, live, where);
        }
    }

    /** The exact bytes. */
    @FunctionalInterface
    interface Body {
        InputStream open() throws IOException;
    }

    /** @param kind {@code commit} or {@code digest}; or {@code name}: what the service is called there, of which the document states the version itself */
    record About(String kind, String value) {
        public static About commit(String commit) {
            return new About("commit", commit);
        }

        public static About digest(String digest) {
            return new About("digest", digest);
        }

        /** As the operator says that the system calls the service; the document still has to state the release's version. */
        public static About named(String name) {
            return new About("name", name);
        }
    }
}
