package dev.countersign.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers.springSecurity;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.incident.ModelTests;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.RequestPostProcessor;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.WebApplicationContext;

@ModelTests
@Tag("M2.1")
class MailPageTests {
    private static final String RELEASE = "checkout@2.1.0";

    @Autowired
    WebApplicationContext application;

    @Autowired
    Notices notices;

    @Autowired
    MailStore store;

    @Autowired
    JdbcClient jdbc;

    private MockMvc web;
    private long mail;

    @BeforeEach
    void invite() {
        web = MockMvcBuilders.webAppContextSetup(application)
                .apply(springSecurity())
                .build();
        notices.mail(new Notices.Notice(
                RELEASE,
                "invitation",
                Set.of(),
                Set.of("qa"),
                "Review <b>of</b> checkout",
                List.of("Please come."),
                "/releases/" + RELEASE,
                new Notices.Invitation(
                        "review-" + RELEASE,
                        0,
                        false,
                        Instant.parse("2026-11-24T13:00:00Z"),
                        Instant.parse("2026-11-24T13:30:00Z"),
                        "Readiness review",
                        "Online")));
        mail = jdbc.sql("select max(id) from mail").query(Long.class).single();
        // the platform's own background task addresses it
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !store.deliveriesOf(mail).isEmpty());
    }

    private static RequestPostProcessor as(String person) {
        return user(person).authorities(new SimpleGrantedAuthority(person));
    }

    @Test
    void a_release_manager_finds_the_mail_of_a_release() throws Exception {
        web.perform(get("/mail").param("release", RELEASE).with(as("release-manager")))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("Review &lt;b&gt;of&lt;/b&gt; checkout")))
                .andExpect(content().string(containsString("1 kept")));
        web.perform(get("/mail").param("release", "checkout@9.9.9").with(as("release-manager")))
                .andExpect(content().string(containsString("No mail about <span>checkout@9.9.9</span>")));
    }

    @Test
    void its_recipient_opens_it_and_its_calendar_entry() throws Exception {
        web.perform(get("/mail/" + mail).with(as("qa")))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("Please come.")));
        var file = web.perform(get("/mail/" + mail + "/invite.ics").with(as("qa")))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse();
        assertThat(file.getContentType()).startsWith("text/calendar");
        assertThat(file.getContentAsString()).contains("METHOD:REQUEST");
    }

    @Test
    void others_see_neither_the_mail_nor_that_there_is_one() throws Exception {
        web.perform(get("/mail/" + mail).with(as("security"))).andExpect(status().isNotFound());
        web.perform(get("/mail/" + mail + "/invite.ics").with(as("security"))).andExpect(status().isNotFound());
        web.perform(get("/mail").with(as("security")))
                .andExpect(content().string(not(containsString("Review &lt;b&gt;"))));
    }

    @Test
    void an_auditor_sees_everything_and_sends_nothing() throws Exception {
        web.perform(get("/mail/" + mail).with(as("auditor"))).andExpect(status().isOk());
        web.perform(post("/mail/" + mail + "/send").with(csrf()).with(as("auditor")))
                .andExpect(status().isForbidden());
    }
}
