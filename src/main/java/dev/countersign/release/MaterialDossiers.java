package dev.countersign.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.countersign.identity.Actors;
import dev.countersign.workflow.Decisions;
import dev.countersign.workflow.Messages;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

@Component
class MaterialDossiers implements Dossiers {
    /** Where a process waits on what people decided, until the release is stable or gone. */
    private static final Set<ReleaseState> BOUND = Set.of(
            ReleaseState.REVIEW,
            ReleaseState.SCHEDULED,
            ReleaseState.ROLLING_OUT,
            ReleaseState.HELD,
            ReleaseState.STABILISING);

    private final JdbcReleases releases;
    private final JdbcClient jdbc;
    private final ObjectProvider<DossierPart> kept;
    private final Decisions decisions;
    private final Messages messages;
    private final Timeline timeline;
    private final Actors actors;
    private final ApplicationEventPublisher events;
    private final ObjectMapper canonical;
    private final Map<String, Materiality> materialities = new ConcurrentHashMap<>();
    private final KnownDossiers known = new KnownDossiers();

    MaterialDossiers(
            JdbcReleases releases,
            JdbcClient jdbc,
            ObjectProvider<DossierPart> kept,
            Decisions decisions,
            Messages messages,
            Timeline timeline,
            Actors actors,
            ApplicationEventPublisher events,
            ObjectMapper json) {
        this.releases = releases;
        this.jdbc = jdbc;
        this.kept = kept;
        this.decisions = decisions;
        this.messages = messages;
        this.timeline = timeline;
        this.actors = actors;
        this.events = events;
        // Equal contents must be equal bytes.
        this.canonical = json.copy().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);
    }

    private record Materiality(boolean material, Set<String> seats) {}

    @Override
    public Dossier of(String releaseKey) {
        Release release = releases.get(releaseKey);
        return known.find(release).orElseGet(() -> known.keep(release, assemble(release)));
    }

    @Override
    public Dossier anew(String releaseKey) {
        return assemble(releases.get(releaseKey));
    }

    private Dossier assemble(Release release) {
        Map<String, Object> contents = new TreeMap<>();
        contents.put("artifacts", release.artifacts());
        contents.put("commit", release.commit());
        contents.put("changes", release.changes());
        contents.put("window", Arrays.asList(release.windowStart(), release.windowEnd()));
        contents.put("rfc", release.rfc() == null ? "" : release.rfc());
        if (release.isFlagged()) {
            // Only where there is one: releases opened before there were flags keep their digest.
            contents.put("flag", release.flag());
        }
        contents.put("policy", release.policy());
        if (release.fixes() != null) {
            contents.put("fixes", release.fixes());
        }
        kept.forEach(part -> contents.putAll(part.of(release)));

        Map<String, Part> parts = new TreeMap<>();
        contents.forEach((name, content) -> {
            Materiality materiality = materiality(release.policy(), name);
            parts.put(name, new Part(name, digest(content), materiality.material(), materiality.seats(), content));
        });
        String material = parts.values().stream()
                .filter(Part::material)
                .map(part -> part.name() + " " + part.digest() + "\n")
                .collect(Collectors.joining());
        return new Dossier(release.key(), sha256(material.getBytes(StandardCharsets.UTF_8)), parts);
    }

    @Override
    @Transactional
    public void changed(String releaseKey, String why) {
        Release release = releases.lock(releaseKey);
        Dossier now = known.renew(assemble(release));
        Map<String, String> before = stored(releaseKey);
        List<String> changed = new ArrayList<>();
        Rows added = new Rows("release_dossier_part (release_key, name, digest)");
        now.parts().forEach((name, part) -> {
            if (!part.digest().equals(before.get(name))) {
                if (before.containsKey(name)) {
                    update(releaseKey, part);
                } else {
                    added.add(releaseKey, name, part.digest());
                }
                if (part.material()) {
                    changed.add(name);
                }
            }
        });
        added.insert(jdbc);
        // A part that is no more, for example criteria that are open again.
        before.keySet().stream().filter(name -> !now.parts().containsKey(name)).forEach(name -> {
            forget(releaseKey, name);
            if (materiality(release.policy(), name).material()) {
                changed.add(name);
            }
        });
        if (now.digest().equals(release.materialDigest())) {
            return;
        }
        releases.materialDigest(releaseKey, now.digest());
        if (release.materialDigest() == null) {
            return;
        }
        timeline.record(
                releaseKey,
                "dossier.changed",
                actors.current(),
                "The dossier changed in " + String.join(", ", changed) + ": " + why,
                Map.of("before", release.materialDigest(), "now", now.digest(), "parts", changed));
        events.publishEvent(new MaterialDossierChanged(releaseKey, release.materialDigest(), now.digest(), changed));
        if (beginsAgain(release.state(), changed)) {
            messages.send("materialChanged", releaseKey);
        }
    }

    /** At the gates only new criteria lead back from here: evidence is what gates wait for. Once they are clear, the gates lead back themselves. */
    private static boolean beginsAgain(ReleaseState state, List<String> changed) {
        return BOUND.contains(state) || state == ReleaseState.GATES && changed.contains("criteria");
    }

    private Map<String, String> stored(String releaseKey) {
        Map<String, String> digests = new TreeMap<>();
        jdbc.sql("select name, digest from release_dossier_part where release_key = ?")
                .param(releaseKey)
                .query((org.springframework.jdbc.core.RowCallbackHandler)
                        row -> digests.put(row.getString("name"), row.getString("digest")));
        return digests;
    }

    private void forget(String releaseKey, String part) {
        jdbc.sql("delete from release_dossier_part where release_key = ? and name = ?")
                .params(releaseKey, part)
                .update();
    }

    private void update(String releaseKey, Part part) {
        jdbc.sql("update release_dossier_part set digest = :digest where release_key = :release and name = :name")
                .param("release", releaseKey)
                .param("name", part.name())
                .param("digest", part.digest())
                .update();
    }

    private Materiality materiality(String policy, String part) {
        return materialities.computeIfAbsent(policy + "/" + part, id -> {
            Map<String, Object> row =
                    decisions.ask(policy, "materiality", Map.of("part", part)).single();
            Set<String> seats = Arrays.stream(
                            String.valueOf(row.getOrDefault("seats", "")).split("[,\\s]+"))
                    .filter(seat -> !seat.isBlank())
                    .collect(Collectors.toUnmodifiableSet());
            return new Materiality(Boolean.TRUE.equals(row.get("material")), seats);
        });
    }

    private String digest(Object content) {
        try {
            return sha256(canonical.writeValueAsBytes(content));
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException("A part of the dossier must be writable as JSON", broken);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
