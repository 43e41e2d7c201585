package dev.countersign.rollback;

import dev.countersign.workflow.ReleaseStep;
import java.io.IOException;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The steps of the rollback, by their ids in the model. */
@Configuration(proxyBeanMethods = false)
class RollbackDelegates {
    @FunctionalInterface
    private interface Work {
        void on(String releaseKey) throws IOException;
    }

    private static ReleaseStep step(boolean remote, Work work) {
        return new ReleaseStep() {
            @Override
            protected void run(String releaseKey, DelegateExecution execution) throws IOException {
                work.on(releaseKey);
            }

            @Override
            protected boolean remote() {
                return remote;
            }
        };
    }

    @Bean
    ReleaseStep startRollback(RollbackSteps steps) {
        return step(false, steps::start);
    }

    @Bean
    ReleaseStep moveTrafficBack(RollbackSteps steps) {
        return step(true, steps::moveTrafficBack);
    }

    @Bean
    ReleaseStep withdrawCandidate(RollbackSteps steps) {
        return step(true, steps::withdrawCandidate);
    }

    @Bean
    ReleaseStep validateRollback(RollbackSteps steps) {
        return step(true, steps::validate);
    }

    @Bean
    ReleaseStep pageOnCall(RollbackSteps steps) {
        return step(false, steps::page);
    }

    @Bean
    ReleaseStep escalateBreach(RollbackSteps steps) {
        return step(false, steps::breach);
    }

    @Bean
    ReleaseStep callForHands(RollbackSteps steps) {
        return step(false, steps::callForHands);
    }

    @Bean
    ReleaseStep climbAgain(RollbackSteps steps) {
        return step(false, steps::climbAgain);
    }

    @Bean
    ReleaseStep finishRollback(RollbackSteps steps) {
        return step(false, steps::finish);
    }

    @Bean
    ReleaseStep openIncident(RollbackSteps steps) {
        return step(false, steps::openIncident);
    }
}
