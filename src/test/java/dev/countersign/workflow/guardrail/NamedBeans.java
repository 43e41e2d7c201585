package dev.countersign.workflow.guardrail;

import java.util.Map;
import java.util.Set;

/** Beans by name, without an application. */
record NamedBeans(Set<String> delegates, Set<String> listeners, Map<String, Class<?>> modelBeans, Set<String> tasks)
        implements KnownBeans {
    @Override
    public boolean isDelegate(String bean) {
        return delegates.contains(bean);
    }

    /** By its name: no step runs in these tests. */
    @Override
    public boolean isRemote(String delegate) {
        return delegate.startsWith("remote");
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
    public boolean isHumanTask(String id) {
        return tasks.contains(id);
    }
}
