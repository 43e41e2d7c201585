package dev.countersign.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
class ApiConfiguration {
    /** After the security chains, which stand at -100: a key belongs to the actor. */
    private static final int AFTER_LOGIN = 0;

    @Bean
    FilterRegistrationBean<Idempotency> idempotency(IdempotencyStore store, ObjectMapper json) {
        var registration = new FilterRegistrationBean<>(new Idempotency(store, json));
        registration.addUrlPatterns("/api/*");
        registration.setOrder(AFTER_LOGIN);
        return registration;
    }

    @Bean
    RecurringTask<Void> forgetIdempotencyKeys(IdempotencyStore store) {
        return Tasks.recurring("forget-idempotency-keys", FixedDelay.ofHours(1))
                .execute((instance, context) -> store.forgetOld());
    }
}
