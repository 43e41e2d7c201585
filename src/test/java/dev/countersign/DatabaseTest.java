package dev.countersign;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.springframework.boot.test.autoconfigure.web.servlet.AutoConfigureMockMvc;
import org.springframework.boot.test.autoconfigure.web.servlet.MockMvcPrint;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

/**
 * The whole platform on a database in memory, and, in the build's second run, on a real PostgreSQL. Timers, jobs and scheduled tasks run when the test says so
 * ({@link Engine}). Each property or bean more is another context, and another start of the platform: what does not disturb others belongs here.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Tag("database")
@SpringBootTest(
        properties = {
            "camunda.bpm.job-execution.enabled=false",
            "db-scheduler.enabled=false",
            "countersign.sandbox.load.enabled=false",
            // Targets of tests are scripted and answer no journey; tests of journeys declare their own.
            "countersign.catalog.journeys=nowhere",
            "countersign.catalog.kpis=nowhere",
            "countersign.rollout.alertmanager.secret=" + DatabaseTest.ALERTS_SECRET,
            "countersign.incident.reported.pagerduty.webhook-secret=pagerduty-" + DatabaseTest.INCIDENTS_SECRET,
            "countersign.incident.reported.servicenow.webhook-secret=servicenow-" + DatabaseTest.INCIDENTS_SECRET,
            "countersign.incident.reported.jira.webhook-secret=jira-" + DatabaseTest.INCIDENTS_SECRET,
            "countersign.incident.reported.own.webhook-secret=own-" + DatabaseTest.INCIDENTS_SECRET
        })
@AutoConfigureMockMvc(print = MockMvcPrint.NONE)
@ContextConfiguration(initializers = TestDatabase.class)
@Import(Engine.class)
public @interface DatabaseTest {
    String ALERTS_SECRET = "alertmanager-0123456789abcdef0123";
    /** Behind the name of the system. */
    String INCIDENTS_SECRET = "0123456789abcdef";
}
