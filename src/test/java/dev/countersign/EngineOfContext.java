package dev.countersign;

import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngines;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Camunda's web applications find their engine in a register of the JVM, where the context that started last stands. A test that comes
 * back to an earlier context would speak to the engine of another one, which knows nothing of its logins.
 */
public class EngineOfContext implements TestExecutionListener {
    @Override
    public void prepareTestInstance(TestContext test) {
        test.getApplicationContext()
                .getBeanProvider(ProcessEngine.class)
                .ifUnique(ProcessEngines::registerProcessEngine);
    }
}
