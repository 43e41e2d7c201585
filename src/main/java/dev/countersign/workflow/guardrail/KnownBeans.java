package dev.countersign.workflow.guardrail;

import dev.countersign.workflow.HumanTask;
import java.util.Optional;
import java.util.Set;

/** The Java side that models may name: delegates, listeners, human tasks, and beans marked {@code @ModelBean}. */
public interface KnownBeans {
    boolean isDelegate(String bean);

    boolean isListener(String bean);

    /** Whether models may call the bean's methods in expressions. */
    boolean isModelBean(String bean);

    /** Whether the model bean has a public method of this name with so many arguments. */
    boolean hasMethod(String modelBean, String method, int arguments);

    /** The bean behind a user task, by the task's id. */
    Optional<HumanTask> humanTask(String id);

    /** Ids of all human tasks. */
    Set<String> humanTasks();
}
