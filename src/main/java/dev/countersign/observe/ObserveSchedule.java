package dev.countersign.observe;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The look belongs to all nodes: the one that picks it does it, and when it dies another does. */
@Configuration(proxyBeanMethods = false)
class ObserveSchedule {
    private static final Duration COUNTING = Duration.ofMinutes(1);

    @Bean
    RecurringTask<Void> observeTask(ObservationTick tick, ObserveProperties properties) {
        return Tasks.recurring("observe", FixedDelay.of(properties.tick())).execute((instance, context) -> {
            try {
                tick.look();
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Bean
    RecurringTask<Void> measureFalseAlarmsTask(MeasuredFalseAlarms falseAlarms, FalseAlarmProperties properties) {
        return Tasks.recurring("measure-false-alarms", FixedDelay.of(properties.tick()))
                .execute((instance, context) -> {
                    try {
                        falseAlarms.look();
                    } catch (InterruptedException stopping) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    @Bean
    RecurringTask<Void> countObjectivesTask(SloCounting counting, BudgetSeries series) {
        return Tasks.recurring("count-objectives", FixedDelay.of(COUNTING)).execute((instance, context) -> {
            try {
                counting.count();
                series.refresh();
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
