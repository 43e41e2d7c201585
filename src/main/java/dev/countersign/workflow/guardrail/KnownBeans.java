package dev.countersign.workflow.guardrail;

/** The Java side that models may name: delegates, listeners, human tasks, and beans marked {@code @ModelBean}. */
public interface KnownBeans {
    boolean isDelegate(String bean);

    /** Whether the delegate calls another system. */
    boolean isRemote(String delegate);

    boolean isListener(String bean);

    /** Whether models may call the bean's methods in expressions. */
    boolean isModelBean(String bean);

    /** Whether the model bean has a public method of this name with so many arguments. */
    boolean hasMethod(String modelBean, String method, int arguments);

    /** Whether a bean checks the answers of the user task with this id. */
    boolean isHumanTask(String id);
}
