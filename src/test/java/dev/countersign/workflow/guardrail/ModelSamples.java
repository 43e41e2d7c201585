package dev.countersign.workflow.guardrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ParseException;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.StandaloneInMemProcessEngineConfiguration;

/** Models and forms of other tools, for the test over all samples: what is read in them, and that none of them comes in as it is. */
public final class ModelSamples {
    private static ProcessEngine engine;

    private ModelSamples() {}

    public static void bpmn(Path file, JsonNode expected) throws IOException {
        ModelSet set = ModelSet.of(Map.of("sample.bpmn", Files.readAllBytes(file)));
        assertThat(set.unreadable()).isEmpty();
        Map<String, Long> elements = new TreeMap<>();
        Stream.of(expected.get("elements").asText().replaceAll("[{}]", "").split(", "))
                .map(each -> each.split("="))
                .filter(each -> !each[0].equals("executableProcesses"))
                .forEach(each -> elements.put(each[0], Long.valueOf(each[1])));
        var read = set.bpmn().get(0).xml();
        elements.forEach((name, count) -> assertThat(
                        read.getElementsByTagNameNS("http://www.omg.org/spec/BPMN/20100524/MODEL", name)
                                .getLength())
                .as(name)
                .isEqualTo(count.intValue()));
        String engine = expected.get("camunda_7_24_engine_deploys").asText();
        long executable = set.bpmn().get(0).processes().stream()
                .filter(process -> process.isExecutable())
                .count();
        assertThat(expected.get("elements").asText()).contains("executableProcesses=" + executable);
        deploys(file, engine);
        assertThat(Guardrail.check(
                        set,
                        Floor.read(Files.readAllBytes(Path.of("processes/floor.yaml"))),
                        new NamedBeans(Set.of(), Set.of(), Map.of(), Set.of())))
                .as("nothing of it is a bean or a form of this platform")
                .isNotEmpty();
    }

    private static void deploys(Path file, String expected) throws IOException {
        var repository = engine().getRepositoryService();
        var deployment = repository.createDeployment().addString("sample.bpmn", Files.readString(file));
        if (expected.startsWith("FAIL")) {
            assertThatThrownBy(deployment::deploy).isInstanceOf(ParseException.class);
            return;
        }
        String id = deployment.deploy().getId();
        assertThat("ok defs="
                        + repository
                                .createProcessDefinitionQuery()
                                .deploymentId(id)
                                .count())
                .isEqualTo(expected);
    }

    /** Started once, since a start is most of the time. */
    private static synchronized ProcessEngine engine() {
        if (engine == null) {
            var configuration = new StandaloneInMemProcessEngineConfiguration();
            configuration.setProcessEngineName("samples");
            configuration.setJdbcUrl("jdbc:h2:mem:samples");
            configuration.setDatabaseSchemaUpdate("create-drop");
            configuration.setJobExecutorActivate(false);
            configuration.setEnforceHistoryTimeToLive(false);
            configuration.setCmmnEnabled(false);
            configuration.setDmnEnabled(false);
            engine = configuration.buildProcessEngine();
        }
        return engine;
    }

    public static void stop() {
        if (engine != null) {
            engine.close();
            engine = null;
        }
    }

    public static void form(Path file, JsonNode expected) throws IOException {
        ModelSet set = ModelSet.of(Map.of("sample.form", Files.readAllBytes(file)));
        assertThat(set.unreadable()).isEmpty();
        ModelSet.FormFile form = set.forms().get(0);
        assertThat(FormRules.components(form.form()))
                .hasSize(expected.get("components").asInt());
        Set<String> keys = new TreeSet<>();
        expected.get("keys").forEach(key -> keys.add(key.asText()));
        assertThat(FormRules.inputs(form)).isEqualTo(keys);
        expected.get("types").properties().forEach(type -> assertThat(FormRules.components(form.form()))
                .filteredOn(component -> component.path("type").asText().equals(type.getKey()))
                .hasSize(type.getValue().asInt()));
        Set<String> required = new TreeSet<>();
        expected.get("required").forEach(key -> required.add(key.asText()));
        assertThat(FormRules.components(form.form()).stream()
                        .filter(component -> component.at("/validate/required").asBoolean())
                        .map(component -> component.path("key").asText())
                        .collect(Collectors.toSet()))
                .isEqualTo(required);
        assertThat(form.id()).as("what has no id cannot be named by a task").isEmpty();
        assertThat(FormRules.safe(form)).isEmpty();
    }
}
