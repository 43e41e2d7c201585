package dev.countersign.incident.reported;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** Incidents that are asked about together. */
@Tag("E4")
class AttributionTaskTests {
    private final AttributionQuestions questions = mock(AttributionQuestions.class);
    private final AttributionTask again = mock(AttributionTask.class);
    private final CustomTask<String> task = new AttributionTask.Task()
            .askWhatCausedIncidents(
                    new StaticListableBeanFactory(Map.of("questions", questions))
                            .getBeanProvider(AttributionQuestions.class),
                    again);

    @BeforeEach
    void oneCannotBeAskedAbout() {
        when(questions.settle(any())).thenAnswer(call -> {
            if (call.<Collection<String>>getArgument(0).contains("EXT-2")) {
                throw new IllegalStateException("the engine refuses it");
            }
            return true;
        });
    }

    private CompletionHandler<String> run(String keys) {
        return task.execute(new TaskInstance<>(task.getName(), "1", keys), null);
    }

    @Test
    void one_that_cannot_be_asked_about_keeps_no_other_waiting() {
        assertThat(run("EXT-1 EXT-2 EXT-3")).isInstanceOf(CompletionHandler.OnCompleteRemove.class);
        verify(again).soon(List.of("EXT-1"));
        verify(again).soon(List.of("EXT-2"));
        verify(again).soon(List.of("EXT-3"));
    }

    @Test
    void it_is_tried_again_by_itself() {
        assertThatThrownBy(() -> run("EXT-2")).hasMessage("the engine refuses it");
        verifyNoInteractions(again);
    }

    @Test
    void those_that_can_be_are_asked_about_at_once() {
        assertThat(run("EXT-1 EXT-3")).isInstanceOf(CompletionHandler.OnCompleteRemove.class);
        verify(questions).settle(List.of("EXT-1", "EXT-3"));
        verifyNoInteractions(again);
    }
}
