package dev.countersign.incident;

import dev.countersign.TestDatabase;
import dev.countersign.gate.Gates;
import dev.countersign.review.Review;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/**
 * The whole platform, jobs run by hand; shared by the tests of models that follow a release. What the gates and the review say is up to the test.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(properties = {"camunda.bpm.job-execution.enabled=false"})
@ContextConfiguration(initializers = TestDatabase.class)
@Tag("database")
@MockitoBean(types = {Gates.class, Review.class})
@Import(ReleaseFollowUp.class)
public @interface ModelTests {}
