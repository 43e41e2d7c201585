package dev.countersign.incident;

import dev.countersign.gate.Gates;
import dev.countersign.review.Review;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** The whole platform on a database in memory, jobs run by hand; shared by the tests of models that follow a release.
 * What the gates and the review say is up to the test. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        properties = {
            "spring.datasource.url=jdbc:h2:mem:follow-up;DB_CLOSE_DELAY=-1",
            "camunda.bpm.job-execution.enabled=false"
        })
@MockitoBean(types = {Gates.class, Review.class})
@Import(ReleaseFollowUp.class)
public @interface ModelTests {}
