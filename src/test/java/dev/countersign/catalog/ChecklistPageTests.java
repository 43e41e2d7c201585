package dev.countersign.catalog;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.when;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.catalog.Checklist.Item;
import dev.countersign.catalog.ChecklistVersions.Version;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.web.servlet.WebMvcTest;
import org.springframework.security.test.context.support.WithMockUser;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.MockMvc;

@Tag("M1.4")
@WebMvcTest(ChecklistPage.class)
@WithMockUser(username = "qa")
class ChecklistPageTests {
    private static final Checklist BEFORE = checklist(
            "sha256:" + "a".repeat(64),
            new Item("runbook", "The runbook is current", "operations", false),
            new Item("dashboards", "Dashboards are ready", "operations", false));
    private static final Checklist AFTER = checklist(
            "sha256:" + "b".repeat(64),
            new Item("runbook", "The <b>runbook</b> was walked through", "operations", true),
            new Item("alerts", "Alerts are ready", "operations", true));

    @Autowired
    private MockMvc mvc;

    @MockitoBean
    private ChecklistVersions versions;

    private static Checklist checklist(String digest, Item... items) {
        return new Checklist("standard", "Release checklist", digest, List.of(items));
    }

    @BeforeEach
    void setUp() {
        when(versions.all())
                .thenReturn(Map.of(
                        "standard",
                        List.of(
                                new Version(
                                        BEFORE,
                                        "standard.yaml",
                                        OffsetDateTime.parse("2026-11-24T09:00:00Z"),
                                        "process-owner",
                                        true),
                                new Version(AFTER, "standard.yaml", null, null, false))));
        when(versions.difference(any(), any(), any())).thenReturn(ChecklistDifference.between(BEFORE, AFTER));
    }

    @Test
    void what_changed_between_two_versions_is_shown() throws Exception {
        mvc.perform(get("/checklists/standard"))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("in force now")))
                .andExpect(content().string(containsString("waits for approval")))
                .andExpect(content().string(containsString("<ins>Alerts are ready</ins>")))
                .andExpect(content().string(containsString("<del>Dashboards are ready</del>")))
                .andExpect(content().string(containsString("<del>The runbook is current</del>")))
                .andExpect(content()
                        .string(containsString("<ins>The &lt;b&gt;runbook&lt;/b&gt; was walked through</ins>")))
                .andExpect(content().string(not(containsString("Both are the same version"))));
    }

    @Test
    void all_checklists_lead_to_their_versions() throws Exception {
        mvc.perform(get("/checklists"))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("href=\"/checklists/standard\"")));
        when(versions.all()).thenReturn(Map.of());
        mvc.perform(get("/checklists"))
                .andExpect(content().string(containsString("<code>processes/checklists/</code>")));
    }

    @Test
    void a_checklist_that_nobody_knows_is_not_found() throws Exception {
        mvc.perform(get("/checklists/ghost")).andExpect(status().isNotFound());
    }
}
