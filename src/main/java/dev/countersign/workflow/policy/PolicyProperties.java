package dev.countersign.workflow.policy;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param processes folder of the models, decision tables and the floor, a path such as {@code /etc/countersign/processes} or a URL; left
 *     out: {@code ./processes} where there is one, else what the application brings along
 * @param forms folder of the forms; left out: {@code ./forms} likewise
 * @param watch how often the folders are looked at
 */
@ConfigurationProperties("countersign.workflow")
record PolicyProperties(String processes, String forms, @DefaultValue("5s") Duration watch) {}
