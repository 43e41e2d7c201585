package dev.countersign.workflow.guardrail;

import dev.countersign.workflow.HumanTask;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Beans by name, without an application. */
record NamedBeans(
        Set<String> delegates, Set<String> listeners, Map<String, Class<?>> modelBeans, Map<String, HumanTask> tasks)
        implements KnownBeans {
    @Override
    public boolean isDelegate(String bean) {
        return delegates.contains(bean);
    }

    @Override
    public boolean isListener(String bean) {
        return listeners.contains(bean);
    }

    @Override
    public boolean isModelBean(String bean) {
        return modelBeans.containsKey(bean);
    }

    @Override
    public boolean hasMethod(String modelBean, String method, int arguments) {
        return SpringBeans.offers(modelBeans.get(modelBean), method, arguments);
    }

    @Override
    public Optional<HumanTask> humanTask(String id) {
        return Optional.ofNullable(tasks.get(id));
    }

    @Override
    public Set<String> humanTasks() {
        return tasks.keySet();
    }
}
