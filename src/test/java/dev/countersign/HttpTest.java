package dev.countersign;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

/** The whole platform on a free port, asked over real connections. Jobs and scheduled tasks run when the test says so ({@link Engine}). */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "camunda.bpm.job-execution.enabled=false",
            "db-scheduler.enabled=false",
            "countersign.sandbox.load.enabled=false"
        })
@ContextConfiguration(initializers = TestDatabase.class)
@Import(Engine.class)
public @interface HttpTest {}
