package dev.countersign.evidence;

/** For connectors whose system says itself that it has something. */
public interface SourceCalls {
    /** Has one system asked for a release, soon and in the background. */
    void askSoon(String releaseKey, String source);
}
