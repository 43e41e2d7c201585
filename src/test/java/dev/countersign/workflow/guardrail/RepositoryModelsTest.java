package dev.countersign.workflow.guardrail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.workflow.guardrail.ModelSet.BpmnFile;
import dev.countersign.workflow.guardrail.ModelSet.FormFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.camunda.bpm.model.bpmn.instance.BusinessRuleTask;
import org.camunda.bpm.model.bpmn.instance.CallActivity;
import org.camunda.bpm.model.bpmn.instance.ConditionExpression;
import org.camunda.bpm.model.bpmn.instance.Message;
import org.camunda.bpm.model.bpmn.instance.ServiceTask;
import org.camunda.bpm.model.bpmn.instance.UserTask;
import org.camunda.bpm.model.bpmn.instance.camunda.CamundaOut;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The model check of the build: the models, tables and forms in the repository, against the rules and the Java behind them. */
@Tag("D2")
class RepositoryModelsTest {
    private static final Path PROCESSES = Path.of("processes");
    private static final Path FORMS = Path.of("forms");
    private static KnownBeans beans;
    private static ModelSet models;
    private static Floor floor;

    @BeforeAll
    static void read() throws IOException {
        beans = ApplicationBeans.known();
        models = Models.in(PROCESSES, FORMS).set();
        floor = Floor.read(Files.readAllBytes(PROCESSES.resolve("floor.yaml")));
    }

    @Test
    @DisplayName("models, tables and forms are drawn to be read, and nothing waits for ever")
    void drawing() {
        assertThat(DrawingRules.check(models, beans)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "no job of its own | setSplit | camunda:delegateExpression=\"${setSplit}\" camunda:asyncBefore=\"true\" | camunda:delegateExpression=\"${setSplit}\" | set asyncBefore",
                "no retries        | setSplit | <bpmn:extensionElements><camunda:failedJobRetryTimeCycle>R3/PT5S</camunda:failedJobRetryTimeCycle></bpmn:extensionElements> | '' | name its retries",
                "no way on         | setSplit | errorCode=\"systemUnavailable\" | errorCode=\"somethingElse\" | catch the error `systemUnavailable`"
            })
    @DisplayName("a step that calls another system must be drawn so that the system may be away")
    void remoteSteps(String name, String step, String from, String to, String message) {
        var edited = Models.in(PROCESSES, FORMS)
                .edit("staged-rollout.bpmn", from, to)
                .set();
        assertThat(DrawingRules.check(edited, beans))
                .extracting(Finding::message)
                .filteredOn(found -> found.startsWith("`" + step + "` calls another system: "))
                .singleElement()
                .asString()
                .contains(message);
    }

    @Test
    @DisplayName("the steps that call other systems are known as such")
    void remoteBeans() {
        assertThat(List.of("setSplit", "deployCandidate", "moveTrafficBack", "promoteCandidate"))
                .allMatch(beans::isRemote);
        assertThat(List.of("startRollback", "grantClearance", "summonHands")).noneMatch(beans::isRemote);
    }

    @Test
    @Tag("M8.1")
    @DisplayName("models, tables and forms stand above the floor and contain nothing that runs code")
    void guardrail() {
        assertThat(Guardrail.check(models, floor, beans)).isEmpty();
    }

    @ParameterizedTest(name = "first step {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "0.01  | under the limit of 0.05",
                "0.049 | under the limit of 0.05",
                "0.101 | over the limit of 0.1",
                "1     | over the limit of 0.1"
            })
    @Tag("M3.1")
    @DisplayName("a first step outside 5 to 10 % of production is refused with the row: it takes a waiver")
    void firstStep(String share, String limit) {
        var edited = Models.in(PROCESSES, FORMS)
                .edit("rollout-plan.dmn", "<text>0.05</text>", "<text>" + share + "</text>")
                .set();
        assertThat(Guardrail.check(edited, floor, beans))
                .extracting(Finding::message)
                .anySatisfy(message -> assertThat(message)
                        .contains(
                                "`rollout-plan` answers share = ",
                                limit,
                                "(row 1 `rollout-plan-row-1`: Critical services, step 1"));
    }

    @Test
    @Tag("M3.4")
    @DisplayName(
            "who promotes is the platform or a person, and the platform in a table without the column; another word is refused with the row")
    void promotion() throws IOException {
        String table = Files.readString(PROCESSES.resolve("rollout-plan.dmn"));
        String automatic = "<text>\"automatic\"</text>";
        String without = table.replaceAll(
                        "(?s)\\s*<outputEntry id=\"rollout-plan-row-\\d+-promotion\">.*?</outputEntry>", "")
                .replaceAll("\\s*<output id=\"rollout-plan-out-promotion\".*?/>", "");
        assertThat(without).doesNotContain("promotion\"").isNotEqualTo(table);
        for (String allowed : List.of(
                without,
                table.replace(automatic, "<text>\"person\"</text>"),
                table.replace(automatic, "<text></text>"))) {
            var edited = Models.in(PROCESSES, FORMS).with("rollout-plan.dmn", allowed);
            assertThat(Guardrail.check(edited.set(), floor, beans)).isEmpty();
        }
        var edited = Models.in(PROCESSES, FORMS)
                .with("rollout-plan.dmn", table.replaceFirst(automatic, "<text>\"autmatic\"</text>"));
        assertThat(Guardrail.check(edited.set(), floor, beans))
                .extracting(Finding::message)
                .anySatisfy(message -> assertThat(message)
                        .contains(
                                "answers promotion = autmatic",
                                "(row 1 `rollout-plan-row-1`: Critical services, step 1"));
    }

    @ParameterizedTest(name = "{0}: {1} as {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "rollout-plan.dmn    | \"flag\"           | \"nobody\"  | answers exposure = nobody",
                "rollout-plan.dmn    | \"traffic\"        | \"flag\"    | answers exposure = flag",
                "capacity-limits.dmn | \"required\"       | \"never\"   | answers confirmation = never",
                "capacity-limits.dmn | \"where declared\" | \"\"        | answers confirmation",
                "capacity-limits.dmn | 0.8              | 1.2        | over the limit of 0.9",
                "capacity-limits.dmn | \"P7D\"            | \"PT5M\"    | shorter than P1D",
                "capacity-limits.dmn | 0.9              | 0          | under the limit of 0.25",
                "capacity-limits.dmn | \"PT4H\"           | \"P400D\"   | longer than P1D"
            })
    @Tag("M3.2")
    @Tag("M3.6")
    @DisplayName(
            "exposure by what nobody knows, and room that is not told by days of measurements, are refused with the row")
    void exposureAndRoom(String table, String from, String to, String message) throws IOException {
        String text = Files.readString(PROCESSES.resolve(table));
        String edited = text.replaceFirst(
                "<text>" + Pattern.quote(from) + "</text>", Matcher.quoteReplacement("<text>" + to + "</text>"));
        assertThat(edited).isNotEqualTo(text);
        assertThat(Guardrail.check(
                        Models.in(PROCESSES, FORMS).with(table, edited).set(), floor, beans))
                .extracting(Finding::message)
                .anySatisfy(found -> assertThat(found).contains(message));
    }

    @Test
    @Tag("M8.1")
    @DisplayName("the floor controls every model and table of the repository")
    void controlled() {
        assertThat(models.bpmn().stream()
                        .flatMap(file -> file.processes().stream())
                        .map(process -> process.getId()))
                .containsExactlyInAnyOrderElementsOf(floor.controlled().processes());
        assertThat(models.dmn().stream()
                        .flatMap(file -> file.decisions().stream())
                        .map(decision -> decision.getId()))
                .containsExactlyInAnyOrderElementsOf(floor.controlled().decisions());
    }

    @Test
    @Tag("M8.1")
    @DisplayName("the floor reserves every message of the controlled models")
    void messages() {
        assertThat(models.bpmn().stream()
                        .flatMap(file -> file.model().getModelElementsByType(Message.class).stream())
                        .map(Message::getName))
                .allSatisfy(message -> assertThat(floor.controlled().messages())
                        .anyMatch(pattern -> ControlledOnly.matches(pattern, message)));
    }

    @Test
    @DisplayName("every user task has a bean that checks its answers, and a form of the same id")
    void humanTasks() {
        List<String> wrong = new ArrayList<>();
        for (UserTask task : userTasks()) {
            if (!beans.isHumanTask(task.getId())) {
                wrong.add(task.getId() + " has no bean");
            }
            String form = task.getAttributeValueNs("http://camunda.org/schema/1.0/bpmn", "formRef");
            if (!task.getId().equals(form)) {
                wrong.add(task.getId() + " shows the form " + form);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    @DisplayName("every key that a form submits or shows is known to the module that owns the task")
    void formKeys() {
        List<String> wrong = new ArrayList<>();
        Set<String> tasks = userTasks().stream().map(UserTask::getId).collect(Collectors.toSet());
        for (FormFile form : models.forms()) {
            if (tasks.contains(form.id()) && beans.isHumanTask(form.id())) {
                FormRules.inputs(form).stream()
                        .filter(key -> !ApplicationBeans.mentions(form.id(), key))
                        .forEach(key -> wrong.add(form.name() + " submits `" + key + "`, which nobody reads"));
                DrawingRules.shown(form).stream()
                        .filter(key -> !ApplicationBeans.mentions(form.id(), key))
                        .forEach(key -> wrong.add(form.name() + " shows `" + key + "`, which nobody gives"));
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    @DisplayName("every variable that a condition reads is written by somebody")
    void conditionVariables() {
        List<String> wrong = new ArrayList<>();
        for (BpmnFile file : models.bpmn()) {
            Set<String> read = new HashSet<>();
            file.model()
                    .getModelElementsByType(ConditionExpression.class)
                    .forEach(condition -> read.addAll(ModelExpression.variablesOf(condition.getTextContent(), beans)));
            Set<String> handedOn = file.model().getModelElementsByType(CamundaOut.class).stream()
                    .map(CamundaOut::getCamundaTarget)
                    .collect(Collectors.toSet());
            read.removeAll(handedOn);
            read.stream()
                    .filter(variable ->
                            writers(file).stream().noneMatch(bean -> ApplicationBeans.mentions(bean, variable)))
                    .forEach(variable -> wrong.add(file.name() + " reads `" + variable + "`, which nobody writes"));
            for (CallActivity call : file.model().getModelElementsByType(CallActivity.class)) {
                models.bpmn().stream()
                        .filter(called -> called.name().equals(call.getCalledElement() + ".bpmn"))
                        .forEach(called -> outs(call).stream()
                                .filter(variable -> writers(called).stream()
                                        .noneMatch(bean -> ApplicationBeans.mentions(bean, variable)))
                                .forEach(variable -> wrong.add(
                                        called.name() + " hands back `" + variable + "`, which nobody in it writes")));
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static Set<String> outs(CallActivity call) {
        return call.getExtensionElements().getElementsQuery().filterByType(CamundaOut.class).list().stream()
                .map(CamundaOut::getCamundaSource)
                .collect(Collectors.toSet());
    }

    /** The beans of a model's steps and tasks. */
    private static Set<String> writers(BpmnFile file) {
        Set<String> writers = new HashSet<>();
        file.model()
                .getModelElementsByType(ServiceTask.class)
                .forEach(task -> writers.add(ModelExpression.soleName(task.getCamundaDelegateExpression())));
        file.model()
                .getModelElementsByType(BusinessRuleTask.class)
                .forEach(task -> writers.add(ModelExpression.soleName(task.getCamundaDelegateExpression())));
        file.model().getModelElementsByType(UserTask.class).forEach(task -> writers.add(task.getId()));
        writers.removeIf(bean -> !beans.isDelegate(bean) && !beans.isHumanTask(bean));
        return writers;
    }

    private static List<UserTask> userTasks() {
        return models.bpmn().stream()
                .flatMap(file -> file.model().getModelElementsByType(UserTask.class).stream())
                .toList();
    }
}
