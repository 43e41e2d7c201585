package dev.countersign.workflow.guardrail;

import dev.countersign.Countersign;
import dev.countersign.workflow.ReleaseStep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.annotation.AnnotationConfigUtils;
import org.springframework.context.annotation.ClassPathBeanDefinitionScanner;
import org.springframework.context.annotation.ConfigurationClassPostProcessor;
import org.springframework.core.type.filter.AssignableTypeFilter;

/** The application's bean definitions, none of them started: enough to know which names models may use. */
final class ApplicationBeans {
    private static final Path CLASSES = Path.of("target/classes/dev/countersign");
    private static final DefaultListableBeanFactory FACTORY = scan();
    private static final Map<String, String> WORDS = new ConcurrentHashMap<>();

    private ApplicationBeans() {}

    static KnownBeans known() {
        return new SpringBeans(FACTORY) {
            @Override
            public boolean isRemote(String delegate) {
                return FACTORY.isTypeMatch(delegate, ReleaseStep.class)
                        && step(delegate).isRemote();
            }
        };
    }

    /** A step without what it works with: enough to ask it whether it calls another system. */
    private static ReleaseStep step(String bean) {
        try {
            BeanDefinition definition = FACTORY.getBeanDefinition(bean);
            if (definition.getFactoryBeanName() == null) {
                return (ReleaseStep) bare(FACTORY.getType(bean, false));
            }
            Class<?> factory = FACTORY.getType(definition.getFactoryBeanName(), false);
            Method method = Arrays.stream(factory.getDeclaredMethods())
                    .filter(one -> one.getName().equals(definition.getFactoryMethodName()))
                    .findFirst()
                    .orElseThrow();
            method.setAccessible(true);
            return (ReleaseStep) method.invoke(bare(factory), new Object[method.getParameterCount()]);
        } catch (ReflectiveOperationException broken) {
            throw new IllegalStateException(bean + " cannot be made without the application", broken);
        }
    }

    private static Object bare(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return constructor.newInstance(new Object[constructor.getParameterCount()]);
    }

    /** Whether the module of a bean says the word somewhere: the name of a field, a variable, a briefing. */
    static boolean mentions(String bean, String word) {
        String type = FACTORY.getBeanDefinition(bean).getFactoryBeanName() == null
                ? FACTORY.getType(bean, false).getName()
                : FACTORY.getType(FACTORY.getBeanDefinition(bean).getFactoryBeanName(), false)
                        .getName();
        String module = type.substring("dev.countersign.".length()).split("\\.")[0];
        return WORDS.computeIfAbsent(module, ApplicationBeans::constants).contains(word);
    }

    private static String constants(String module) {
        StringBuilder words = new StringBuilder();
        try (Stream<Path> classes = Files.walk(CLASSES.resolve(module))) {
            for (Path file :
                    classes.filter(path -> path.toString().endsWith(".class")).toList()) {
                words.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return words.toString();
    }

    private static DefaultListableBeanFactory scan() {
        DefaultListableBeanFactory factory = new DefaultListableBeanFactory();
        ClassPathBeanDefinitionScanner scanner = new ClassPathBeanDefinitionScanner(factory);
        scanner.addExcludeFilter(new AssignableTypeFilter(Countersign.class));
        scanner.addExcludeFilter((reader, cache) -> {
            try {
                return reader.getResource().getURL().getPath().contains("test-classes");
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        });
        scanner.scan("dev.countersign");
        AnnotationConfigUtils.registerAnnotationConfigProcessors(factory);
        new ConfigurationClassPostProcessor().postProcessBeanDefinitionRegistry(factory);
        return factory;
    }
}
