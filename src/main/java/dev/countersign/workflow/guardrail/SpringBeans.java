package dev.countersign.workflow.guardrail;

import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.ModelBean;
import dev.countersign.workflow.ReleaseStep;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.camunda.bpm.engine.delegate.TaskListener;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.ClassUtils;

/** The beans of the application. Asked when a model is deployed, so that the engine can start before the modules above it. */
@Component
class SpringBeans implements KnownBeans {
    private final ListableBeanFactory beans;

    SpringBeans(ListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public boolean isDelegate(String bean) {
        return is(bean, JavaDelegate.class);
    }

    /** Asks the step itself, which needs the application to be up. */
    @Override
    public boolean isRemote(String delegate) {
        return is(delegate, ReleaseStep.class)
                && beans.getBean(delegate, ReleaseStep.class).isRemote();
    }

    @Override
    public boolean isListener(String bean) {
        return is(bean, ExecutionListener.class) || is(bean, TaskListener.class);
    }

    @Override
    public boolean isModelBean(String bean) {
        return beans.containsBean(bean) && beans.findAnnotationOnBean(bean, ModelBean.class) != null;
    }

    @Override
    public boolean hasMethod(String modelBean, String method, int arguments) {
        Class<?> type = beans.getType(modelBean);
        return type != null && offers(ClassUtils.getUserClass(type), method, arguments);
    }

    /** By the bean's name, which is the task's id; else by what the beans say, which needs the application to be up. */
    @Override
    public boolean isHumanTask(String id) {
        return is(id, HumanTask.class)
                || beans.getBeansOfType(HumanTask.class).values().stream()
                        .anyMatch(task -> task.id().equals(id));
    }

    private boolean is(String bean, Class<?> type) {
        return beans.containsBean(bean) && beans.isTypeMatch(bean, type);
    }

    /** Methods of Object do not count: a model that asks for the class is on its way out of the sandbox. */
    static boolean offers(Class<?> type, String name, int arguments) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getDeclaringClass() != Object.class)
                .filter(SpringBeans::isInstance)
                .anyMatch(method -> method.getName().equals(name) && method.getParameterCount() == arguments);
    }

    private static boolean isInstance(Method method) {
        return !java.lang.reflect.Modifier.isStatic(method.getModifiers());
    }
}
