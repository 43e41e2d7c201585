package dev.countersign.learning.leadtime;

import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.DatabaseTest;
import dev.countersign.OpenedReleases;
import dev.countersign.learning.leadtime.LeadTime.Measured;
import dev.countersign.learning.leadtime.Looked.Outcome;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.MockMvc;

@DatabaseTest
@Tag("M7.5")
class ReleaseChangesTests {
    private static final Instant CREATED = Instant.parse("2026-03-02T12:00:00Z");
    private static final Instant DEPLOYED = Instant.parse("2026-03-03T10:00:00Z");

    @Autowired
    private MockMvc http;

    @Autowired
    private OpenedReleases opened;

    @Autowired
    private LeadTimeStore store;

    private String release() {
        return opened.withoutProcess("checkout", "standard", "critical", "developer")
                .key();
    }

    private static Measured measured(String number, Moments moments) {
        Change change = new Change(
                number,
                number,
                "acme/checkout",
                "ada",
                moments.created(),
                moments.merged(),
                "m",
                null,
                List.of(),
                List.of());
        return new Measured(change, null, moments);
    }

    @Test
    void the_changes_of_a_release_are_listed_with_their_parts_and_without_people() throws Exception {
        String key = release();
        store.keep(
                new Looked(key, Outcome.KNOWN, null, "github", "acme/checkout", "1234567", DEPLOYED, DEPLOYED),
                List.of(
                        measured("8", new Moments(null, CREATED, null, CREATED.plusSeconds(7_200), null)),
                        measured(
                                "7",
                                new Moments(
                                        CREATED.minusSeconds(3_600),
                                        CREATED,
                                        CREATED.plusSeconds(90),
                                        CREATED.plusSeconds(3_690),
                                        null))));
        http.perform(get("/api/releases/{key}/changes", key).with(httpBasic("auditor", "auditor")))
                .andExpect(status().isOk())
                .andExpect(content()
                        .json(
                                """
                                {"releaseKey": "%s", "outcome": "KNOWN", "reason": null, "source": "github", "repository": "acme/checkout", "since": "1234567",
                                 "leadTime": {
                                   "coding": {"median": "PT1H", "n": 1}, "pickup": {"median": "PT1M30S", "n": 1}, "review": {"median": "PT1H", "n": 1},
                                   "deploy": {"median": "PT20H29M15S", "n": 2}, "known": 1, "notKnown": 0,
                                   "changes": [
                                     {"number": "7", "createdAt": "2026-03-02T12:00:00Z", "deployedAt": "2026-03-03T10:00:00Z",
                                      "parts": {"coding": "PT1H", "pickup": "PT1M30S", "review": "PT1H", "deploy": "PT20H58M30S", "cycle": "PT23H"}},
                                     {"number": "8", "reviewedAt": null,
                                      "parts": {"coding": null, "pickup": null, "review": null, "deploy": "PT20H", "cycle": "PT22H"}}]}}"""
                                        .formatted(key)))
                .andExpect(content().string(org.hamcrest.Matchers.not(org.hamcrest.Matchers.containsString("ada"))));
    }

    @Test
    void a_release_whose_changes_nobody_was_asked_for_says_so_and_one_that_there_is_not_is_404() throws Exception {
        http.perform(get("/api/releases/{key}/changes", release()).with(httpBasic("auditor", "auditor")))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.outcome").value("NOT_ASKED"))
                .andExpect(jsonPath("$.leadTime.cycle.n").value(0))
                .andExpect(jsonPath("$.leadTime.changes").isEmpty());
        http.perform(get("/api/releases/{key}/changes", "checkout@0.0.0").with(httpBasic("auditor", "auditor")))
                .andExpect(status().isNotFound());
        http.perform(get("/api/releases/{key}/changes", "checkout@0.0.0")).andExpect(status().isUnauthorized());
    }
}
