package dev.countersign.criteria;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.DatabaseTest;
import dev.countersign.Engine.Hands;
import dev.countersign.OpenedReleases;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.MockMvc;

/** A release whose agreed criteria are changed while it waits at its gates, on the whole platform. */
@DatabaseTest
@Tag("M1.3")
class ChangedCriteriaTests {
    @Autowired
    private MockMvc http;

    @Autowired
    private OpenedReleases opened;

    @Autowired
    private Releases releases;

    @Autowired
    private FormService forms;

    @Autowired
    private TaskService tasks;

    @Autowired
    private RuntimeService runtime;

    @Autowired
    private Hands hands;

    private String key;

    @AfterEach
    void end() {
        runtime.createProcessInstanceQuery()
                .processInstanceBusinessKey(key)
                .rootProcessInstances()
                .list()
                .forEach(instance -> runtime.deleteProcessInstance(instance.getId(), "test over"));
    }

    @Test
    void the_parties_are_asked_again_before_anybody_signs() throws Exception {
        key = opened.byPipeline("checkout").key();
        hands.settle();
        for (String party : List.of("product", "security", "operations")) {
            agree(party);
        }
        hands.settle();
        assertThat(releases.get(key).state()).isEqualTo(ReleaseState.GATES);
        assertThat(parties()).isZero();

        http.perform(
                        post("/api/releases/{key}/criteria", key)
                                .with(httpBasic("release-manager", "release-manager"))
                                .contentType(MediaType.APPLICATION_JSON)
                                .content(
                                        """
                                {"reason": "fewer errors", "criteria": [{"text": "Hardly any request fails", "binding": "metric:errorRate", "limit": "<= 2 %"}]}"""))
                .andExpect(status().isOk());
        hands.settle();

        assertThat(releases.get(key).state()).isEqualTo(ReleaseState.CRITERIA);
        assertThat(parties()).isEqualTo(3);
    }

    private void agree(String party) throws Exception {
        Task task = tasks.createTaskQuery()
                .processInstanceBusinessKey(key)
                .taskDefinitionKey("agreeOnCriteria")
                .taskCandidateGroup(party)
                .singleResult();
        hands.as(party, () -> {
            Object seen = forms.getTaskFormVariables(task.getId()).get("dossier");
            tasks.complete(task.getId(), Map.of("answer", "agree", "dossier", seen));
            return null;
        });
    }

    private long parties() {
        return tasks.createTaskQuery()
                .processInstanceBusinessKey(key)
                .taskDefinitionKey("agreeOnCriteria")
                .count();
    }
}
