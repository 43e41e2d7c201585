package dev.countersign.rollout;

import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.release.OpenRelease;
import dev.countersign.release.Release;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The sample service with a sample database, as the sandbox brings them along. */
@Tag("M1.6")
@Tag("M6.2")
class SampleMigrationTests extends RolloutTest {
    @Test
    void its_checks_hold_before_anybody_decides_and_its_way_back_is_rehearsed() throws Exception {
        String key = hands.as(
                        "ci",
                        () -> opening.open(new OpenRelease(
                                "inventory",
                                "8.1.0",
                                "standard",
                                "Reserved stock",
                                "production",
                                "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                                null,
                                List.of("developer"),
                                List.of(new Release.Artifact("registry.example/inventory", digest("8.1.0"))),
                                Map.of("databaseMigration", true),
                                null,
                                List.of(),
                                null,
                                List.of())))
                .key();
        settle();
        http.perform(
                        post("/api/releases/{key}/migration", key)
                                .with(httpBasic("ci", "ci"))
                                .contentType("application/json")
                                .content(
                                        """
                                {"scripts": [
                                  {"name": "V2__reserved.sql", "content": "alter table stock add column reserved integer default 0"},
                                  {"name": "U2__reserved.sql", "content": "alter table stock drop column reserved"}]}"""))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.database").value("sample-inventory"));
        http.perform(post("/api/releases/{key}/gates/migration-checks/fetch", key)
                        .with(httpBasic("ci", "ci")))
                .andExpect(status().is2xxSuccessful());
        settle();
        for (String gate : List.of("migration-checks", "downgrade-rehearsal")) {
            http.perform(get("/api/releases/{key}/gates/{gate}", key, gate).with(httpBasic("ci", "ci")))
                    .andExpect(jsonPath("$.required").value("advisory"))
                    .andExpect(jsonPath("$.verdict").value("PASS"));
        }
    }
}
