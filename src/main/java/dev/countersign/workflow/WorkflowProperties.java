package dev.countersign.workflow;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param processes folder of the models and decision tables, for example {@code file:./processes}
 * @param forms folder of the forms
 */
@ConfigurationProperties("countersign.workflow")
record WorkflowProperties(
        @DefaultValue("classpath:/processes") String processes, @DefaultValue("classpath:/forms") String forms) {}
