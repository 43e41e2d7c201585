package dev.countersign.evidence.policy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.evidence.EvidenceSource.Asked;
import dev.countersign.release.Release;

/** What a policy is told of a release. No persons, and no times: who may do what, and when, is decided elsewhere, and may change after the decision. */
final class ReleaseFacts {
    private ReleaseFacts() {}

    static ObjectNode of(Asked asked) {
        Release release = asked.release();
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("release", release.key());
        facts.put("service", release.service());
        facts.put("version", release.version());
        facts.put("commit", release.commit());
        facts.put("kind", release.kind());
        facts.put("tier", release.tier());
        facts.put("owner", release.owner());
        facts.put("environment", release.environment());
        facts.put("target", asked.target());
        facts.put("rfc", release.rfc());
        var artifacts = facts.putArray("artifacts");
        release.artifacts()
                .forEach(one -> artifacts.addObject().put("name", one.name()).put("digest", one.digest()));
        var changes = facts.putObject("changes");
        new java.util.TreeMap<>(release.changes()).forEach(changes::put);
        return facts;
    }
}
