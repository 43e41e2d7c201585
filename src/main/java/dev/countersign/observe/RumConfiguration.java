package dev.countersign.observe;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RumConfiguration {
    @Bean
    FilterRegistrationBean<RumPreflight> rumPreflight(RumOrigins origins) {
        FilterRegistrationBean<RumPreflight> preflight = new FilterRegistrationBean<>(new RumPreflight(origins));
        preflight.addUrlPatterns(RumPreflight.PATH);
        return preflight;
    }
}
