package dev.countersign.workflow;

import org.springframework.boot.autoconfigure.transaction.TransactionManagerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;

@Configuration(proxyBeanMethods = false)
class TransactionRules {
    /**
     * The outermost caller decides: a step whose last retry failed goes on, with a BPMN error, to a person, and that must be committed although a service
     * below threw.
     */
    @Bean
    TransactionManagerCustomizer<AbstractPlatformTransactionManager> outermostDecides() {
        return manager -> manager.setGlobalRollbackOnParticipationFailure(false);
    }
}
