package dev.countersign.evidence.ci;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where GitHub is asked at all: one node asks for all repositories that are named, one after the other. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("countersign.evidence.github.url")
class GithubDeploymentsSchedule {
    @Bean
    RecurringTask<Void> askGithubDeploymentsTask(AskGithubDeployments github, GithubDeploymentsProperties properties) {
        return Tasks.recurring("ask-github-deployments", FixedDelay.of(properties.interval()))
                .execute((instance, context) -> {
                    try {
                        github.all();
                    } catch (InterruptedException stopping) {
                        Thread.currentThread().interrupt();
                    }
                });
    }
}
