package dev.countersign.api;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.json.MappingJackson2HttpMessageConverter;

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

    /**
     * Refuses text with control characters, which no member of a body has a use for and PostgreSQL does not store (NUL), and properties that a body does not know: a misspelt change fact would silently count as left out. Payloads that other systems
     * define say {@code @JsonIgnoreProperties(ignoreUnknown = true)}.
     */
    @Bean
    MappingJackson2HttpMessageConverter strictBodies(ObjectMapper json) {
        return new MappingJackson2HttpMessageConverter(json.copy()
                .registerModule(new SimpleModule("printable-text").addDeserializer(String.class, new PrintableText()))
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES));
    }

    @Bean
    RecurringTask<Void> forgetIdempotencyKeys(IdempotencyStore store) {
        return Tasks.recurring("forget-idempotency-keys", FixedDelay.ofHours(1))
                .execute((instance, context) -> store.forgetOld());
    }
}
