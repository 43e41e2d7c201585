package dev.countersign.incident.reported;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.when;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.dao.CannotAcquireLockException;

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
        verify(questions).settle(List.of("EXT-1"));
        verify(questions).settle(List.of("EXT-3"));
        verify(again).soon(List.of("EXT-2"));
        verifyNoMoreInteractions(again);
    }

    @Test
    void what_is_behind_it_goes_on_by_itself() {
        String many = IntStream.range(0, AttributionTask.AT_ONCE + 1)
                .mapToObj(number -> "EXT-" + number)
                .collect(Collectors.joining(" "));
        ExecutionOperations<String> operations = mock();
        ExecutionComplete complete = mock();
        run(many).complete(complete, operations);
        verify(operations).reschedule(complete, complete.getTimeDone(), "EXT-" + AttributionTask.AT_ONCE);
        verify(again).soon(List.of("EXT-2"));
        verifyNoMoreInteractions(again);
    }

    @Test
    void where_nobody_can_be_asked_about_any_they_stay_together() {
        doThrow(new IllegalStateException("the engine is down")).when(questions).settle(any());
        assertThatThrownBy(() -> run("EXT-1 EXT-2 EXT-3")).hasMessage("the engine is down");
        verifyNoInteractions(again);
    }

    @Test
    void where_somebody_else_was_only_faster_they_are_asked_about_together_again() {
        doThrow(new CannotAcquireLockException("held")).when(questions).settle(List.of("EXT-1", "EXT-3"));
        assertThatThrownBy(() -> run("EXT-1 EXT-3")).hasMessage("held");
        verify(questions).settle(any());
        verifyNoInteractions(again);
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
