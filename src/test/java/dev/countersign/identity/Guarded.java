package dev.countersign.identity;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/** The guarded application on a free port with a database in memory; shared by the tests that carry this. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        classes = GuardedApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:guarded;DB_CLOSE_DELAY=-1",
            "camunda.bpm.job-execution.enabled=false",
            "countersign.workflow.processes=classpath:/identity",
            "countersign.workflow.forms=classpath:/identity",
            "management.prometheus.metrics.export.enabled=true"
        })
@Import(SampleEndpoints.class)
@interface Guarded {}
