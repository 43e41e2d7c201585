package dev.countersign.workflow.guardrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.camunda.bpm.engine.impl.cfg.StandaloneInMemProcessEngineConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weaker models and tables, deployed into a real engine: each is refused with the path or the row, and nothing of it stays. */
@Tag("M8.1")
@Tag("D2")
class GuardrailDeployerTest {
    private static final Set<String> DELEGATES = Set.of(
            "classify",
            "evaluateGate",
            "signOff",
            "decideReview",
            "grantClearance",
            "verifyDigest",
            "setSplit",
            "quick");
    private static final KnownBeans BEANS =
            new NamedBeans(DELEGATES, Set.of("tellOwner"), Map.of("gates", Gates.class), Set.of("giveVote"));
    private static final String LUNCH =
            """
            <bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="x">
              <bpmn:message id="own" name="lunchIsReady"/>
              <bpmn:message id="platforms" name="candidateRunning"/>
              <bpmn:message id="gates" name="evidenceArrived-tests"/>
              <bpmn:message id="computed" name="${which}"/>
              <bpmn:process id="lunch" isExecutable="true">%s</bpmn:process>
            </bpmn:definitions>""";
    private static ProcessEngine engine;

    /** A bean that models may call. */
    public static final class Gates {
        public List<String> required(String releaseKey) {
            return List.of("tests");
        }
    }

    @BeforeAll
    static void startEngine() throws Exception {
        Floor floor = Floor.read(Files.readAllBytes(Path.of("src/test/resources/guardrail/floor.yaml")));
        var configuration = new StandaloneInMemProcessEngineConfiguration();
        configuration.setJdbcUrl("jdbc:h2:mem:guardrail;DB_CLOSE_DELAY=-1");
        configuration.setProcessEngineName("guardrail");
        configuration.setEnforceHistoryTimeToLive(false);
        configuration.setJobExecutorActivate(false);
        configuration.setCustomPreDeployers(
                List.of(new GuardrailDeployer(() -> floor, BEANS, set -> true, (name, files, findings) -> {})));
        Map<Object, Object> beans = new HashMap<>();
        DELEGATES.forEach(
                name -> beans.put(name, (JavaDelegate) execution -> execution.setVariable("signedOff", true)));
        beans.put("gates", new Gates());
        configuration.setBeans(beans);
        engine = configuration.buildProcessEngine();
    }

    @AfterAll
    static void stopEngine() {
        engine.close();
    }

    @AfterEach
    void removeDeployments() {
        engine.getRepositoryService().createDeploymentQuery().list().forEach(deployment -> engine.getRepositoryService()
                .deleteDeployment(deployment.getId(), true));
    }

    private static void deploy(Models models) {
        var deployment = engine.getRepositoryService().createDeployment().name("edited");
        models.bytes().forEach((name, bytes) -> deployment.addInputStream(name, new ByteArrayInputStream(bytes)));
        deployment.deploy();
    }

    private static void refused(Models models, String... messages) {
        assertThatThrownBy(() -> deploy(models))
                .isInstanceOf(ModelsRefused.class)
                .satisfies(refusal -> assertThat(refusal.getMessage()).contains(messages));
        assertThat(engine.getRepositoryService().createDeploymentQuery().count())
                .isZero();
    }

    @Test
    @DisplayName("the sound set is deployed, runs, and is not checked again when its definitions are loaded once more")
    void sound() {
        deploy(Models.sound());
        ((org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration())
                .getDeploymentCache()
                .discardProcessDefinitionCache();

        var instance = engine.getRuntimeService().startProcessInstanceByKey("release", "checkout@2.0.0");

        assertThat(engine.getRuntimeService().getActiveActivityIds(instance.getId()))
                .contains("celebrate");
    }

    @Test
    @DisplayName("a line around the security sign-off is refused with the way that it opens")
    void lineAroundSignOff() {
        refused(
                Models.sound()
                        .add(
                                "release.bpmn",
                                "<bpmn:sequenceFlow id=\"shortcut\" sourceRef=\"classify\" targetRef=\"startStagedRollout\"/>"),
                "release.bpmn: `startStagedRollout` can be reached without `security-signoff`, by way of start → classify → startStagedRollout");
    }

    @Test
    @DisplayName("a message that starts a release in the middle is refused")
    void messageStartInTheMiddle() {
        refused(
                Models.sound()
                        .add(
                                "release.bpmn",
                                "<bpmn:startEvent id=\"wakeUp\"><bpmn:messageEventDefinition messageRef=\"wake\"/></bpmn:startEvent>"
                                        + "<bpmn:sequenceFlow id=\"jump\" sourceRef=\"wakeUp\" targetRef=\"grantClearance\"/>"),
                "without `readiness-review`, by way of wakeUp → grantClearance → startStagedRollout");
    }

    @Test
    @DisplayName("a signal start is a way in too")
    void signalStart() {
        refused(
                Models.sound()
                        .add(
                                "release.bpmn",
                                "<bpmn:startEvent id=\"alarmed\"><bpmn:signalEventDefinition signalRef=\"alarm\"/></bpmn:startEvent>"
                                        + "<bpmn:sequenceFlow id=\"jump\" sourceRef=\"alarmed\" targetRef=\"startStagedRollout\"/>"),
                "by way of alarmed → startStagedRollout");
    }

    @Test
    @DisplayName("an event subprocess that calls the rollout itself is refused")
    void eventSubprocess() {
        refused(
                Models.sound()
                        .add(
                                "release.bpmn",
                                """
                                <bpmn:subProcess id="urgent" triggeredByEvent="true">
                                  <bpmn:startEvent id="urged" isInterrupting="false"><bpmn:messageEventDefinition messageRef="wake"/></bpmn:startEvent>
                                  <bpmn:callActivity id="rollOutNow" calledElement="staged-rollout" camunda:calledElementBinding="deployment">
                                    <bpmn:extensionElements><camunda:in businessKey="#{execution.processBusinessKey}"/></bpmn:extensionElements>
                                  </bpmn:callActivity>
                                  <bpmn:sequenceFlow id="now" sourceRef="urged" targetRef="rollOutNow"/>
                                </bpmn:subProcess>"""),
                "`rollOutNow` can be reached without `release-gates`, by way of urgent → urged → rollOutNow");
    }

    @Test
    @DisplayName("a deadline on a control that goes on regardless is refused")
    void boundaryTimer() {
        refused(
                Models.sound()
                        .add(
                                "release.bpmn",
                                """
                                <bpmn:boundaryEvent id="signOffLate" attachedToRef="signOffSecurity"><bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
                                <bpmn:sequenceFlow id="late" sourceRef="signOffLate" targetRef="reviewReadiness"/>"""),
                "without `security-signoff`, by way of start → classify → passGates → signOffSecurity → signOffLate → reviewReadiness → grantClearance → startStagedRollout");
    }

    @Test
    @DisplayName("a non-interrupting event that runs ahead of its control is refused")
    void nonInterrupting() {
        refused(
                Models.sound()
                        .add(
                                "release.bpmn",
                                """
                                <bpmn:boundaryEvent id="ahead" attachedToRef="reviewReadiness" cancelActivity="false"><bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
                                <bpmn:sequenceFlow id="runAhead" sourceRef="ahead" targetRef="grantClearance"/>"""),
                "without `readiness-review`");
    }

    @Test
    @DisplayName("link events are followed")
    void linkEvents() {
        refused(
                Models.sound()
                        .edit(
                                "release.bpmn",
                                "sourceRef=\"classify\" targetRef=\"passGates\"",
                                "sourceRef=\"classify\" targetRef=\"leap\"")
                        .add(
                                "release.bpmn",
                                """
                                <bpmn:intermediateThrowEvent id="leap"><bpmn:linkEventDefinition name="over"/></bpmn:intermediateThrowEvent>
                                <bpmn:intermediateCatchEvent id="land"><bpmn:linkEventDefinition name="over"/></bpmn:intermediateCatchEvent>
                                <bpmn:sequenceFlow id="landed" sourceRef="land" targetRef="startStagedRollout"/>"""),
                "by way of start → classify → leap → land → startStagedRollout");
    }

    @Test
    @DisplayName("a rollout hidden as a compensation handler is refused")
    void compensation() {
        refused(
                Models.sound()
                        .add(
                                "release.bpmn",
                                """
                                <bpmn:boundaryEvent id="undo" attachedToRef="classify"><bpmn:compensateEventDefinition/></bpmn:boundaryEvent>
                                <bpmn:callActivity id="undoIt" isForCompensation="true" calledElement="staged-rollout" camunda:calledElementBinding="deployment">
                                  <bpmn:extensionElements><camunda:in businessKey="#{execution.processBusinessKey}"/></bpmn:extensionElements>
                                </bpmn:callActivity>
                                <bpmn:association id="undoing" sourceRef="undo" targetRef="undoIt" associationDirection="One"/>"""),
                "`undoIt` can be reached without");
    }

    @Test
    @DisplayName("a control on one branch of a parallel gateway does not count")
    void parallelBranch() {
        refused(
                Models.sound()
                        .edit(
                                "release.bpmn",
                                "sourceRef=\"classify\" targetRef=\"passGates\"",
                                "sourceRef=\"classify\" targetRef=\"fork\"")
                        .edit(
                                "release.bpmn",
                                "sourceRef=\"grantClearance\" targetRef=\"startStagedRollout\"",
                                "sourceRef=\"grantClearance\" targetRef=\"join\"")
                        .add(
                                "release.bpmn",
                                """
                                <bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/>
                                <bpmn:sequenceFlow id="f1" sourceRef="fork" targetRef="passGates"/>
                                <bpmn:sequenceFlow id="f2" sourceRef="fork" targetRef="join"/>
                                <bpmn:sequenceFlow id="f3" sourceRef="join" targetRef="startStagedRollout"/>"""),
                "by way of start → classify → fork → join → startStagedRollout");
    }

    @Test
    @DisplayName("a control on one branch of an inclusive gateway does not count")
    void inclusiveBranch() {
        refused(
                Models.sound()
                        .edit(
                                "release.bpmn",
                                "sourceRef=\"passGates\" targetRef=\"signOffSecurity\"",
                                "sourceRef=\"passGates\" targetRef=\"fork\"")
                        .add(
                                "release.bpmn",
                                """
                                <bpmn:inclusiveGateway id="fork" default="f2"/>
                                <bpmn:sequenceFlow id="f1" sourceRef="fork" targetRef="signOffSecurity"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${risky}</bpmn:conditionExpression></bpmn:sequenceFlow>
                                <bpmn:sequenceFlow id="f2" sourceRef="fork" targetRef="reviewReadiness"/>"""),
                "without `security-signoff`");
    }

    @Test
    @DisplayName("asking the sign-off's answer and going on with a no is refused")
    void answerIgnored() {
        refused(
                Models.sound()
                        .edit(
                                "release.bpmn",
                                "id=\"signedOffNo\" sourceRef=\"signedOff\" targetRef=\"rejected\"",
                                "id=\"signedOffNo\" sourceRef=\"signedOff\" targetRef=\"reviewReadiness\""),
                "without `${signedOff == true}`, by way of start → classify → passGates → signOffSecurity → signedOff → reviewReadiness");
    }

    @Test
    @DisplayName("a condition turned round is another condition")
    void conditionTurned() {
        refused(
                Models.sound().edit("release.bpmn", "${signedOff == true}", "${signedOff == true || risky == false}"),
                "without `${signedOff == true}`");
    }

    @Test
    @DisplayName("a control wrapped in a multi-instance subprocess may run no time at all")
    void emptyCollection() {
        refused(
                Models.sound()
                        .edit(
                                "release.bpmn",
                                "<bpmn:callActivity id=\"signOffSecurity\"",
                                "<bpmn:callActivity id=\"signOffSecurity_\"")
                        .edit(
                                "release.bpmn",
                                "<bpmn:exclusiveGateway id=\"signedOff\"",
                                """
                                <bpmn:subProcess id="signOffSecurity">
                                  <bpmn:multiInstanceLoopCharacteristics camunda:collection="${gates.required(execution.processBusinessKey)}" camunda:elementVariable="each"/>
                                  <bpmn:startEvent id="inner"/>
                                  <bpmn:callActivity id="innerSignOff" calledElement="security-signoff" camunda:calledElementBinding="deployment">
                                    <bpmn:extensionElements><camunda:in businessKey="#{execution.processBusinessKey}"/></bpmn:extensionElements>
                                  </bpmn:callActivity>
                                  <bpmn:sequenceFlow id="in1" sourceRef="inner" targetRef="innerSignOff"/>
                                </bpmn:subProcess>
                                <bpmn:exclusiveGateway id="signedOff\""""),
                "without `security-signoff`, by way of start → classify → passGates → signOffSecurity → signedOff");
    }

    @Test
    @DisplayName("a multi-instance control does not count, and the message says why")
    void multiInstanceControl() {
        refused(
                Models.sound()
                        .edit(
                                "release.bpmn",
                                "    </bpmn:callActivity>\n    <bpmn:exclusiveGateway",
                                "<bpmn:multiInstanceLoopCharacteristics camunda:collection=\"${nobody}\" camunda:elementVariable=\"each\"/></bpmn:callActivity>\n    <bpmn:exclusiveGateway"),
                "without `security-signoff`",
                "`signOffSecurity` does not count: it may run no time at all");
    }

    @Test
    @DisplayName("a conditional around the control inside a subprocess is refused")
    void conditionalInSubprocess() {
        refused(
                Models.sound()
                        .edit(
                                "release.bpmn",
                                "sourceRef=\"classify\" targetRef=\"passGates\"",
                                "sourceRef=\"classify\" targetRef=\"wrapped\"")
                        .edit(
                                "release.bpmn",
                                "sourceRef=\"passGates\" targetRef=\"signOffSecurity\"",
                                "sourceRef=\"wrapped\" targetRef=\"signOffSecurity\"")
                        .edit("release.bpmn", "calledElement=\"release-gates\"", "calledElement=\"readiness-review\"")
                        .add(
                                "release.bpmn",
                                """
                                <bpmn:subProcess id="wrapped">
                                  <bpmn:startEvent id="inner"/><bpmn:exclusiveGateway id="needed" default="notNeeded"/><bpmn:endEvent id="innerEnd"/>
                                  <bpmn:callActivity id="innerGates" calledElement="release-gates" camunda:calledElementBinding="deployment">
                                    <bpmn:extensionElements><camunda:in businessKey="#{execution.processBusinessKey}"/></bpmn:extensionElements>
                                  </bpmn:callActivity>
                                  <bpmn:sequenceFlow id="i1" sourceRef="inner" targetRef="needed"/>
                                  <bpmn:sequenceFlow id="i2" sourceRef="needed" targetRef="innerGates"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${risky}</bpmn:conditionExpression></bpmn:sequenceFlow>
                                  <bpmn:sequenceFlow id="notNeeded" sourceRef="needed" targetRef="innerEnd"/>
                                  <bpmn:sequenceFlow id="i3" sourceRef="innerGates" targetRef="innerEnd"/>
                                </bpmn:subProcess>"""),
                "without `release-gates`, by way of start → classify → wrapped → inner → needed → innerEnd → signOffSecurity");
    }

    @Test
    @DisplayName("a terminate end beside the control ends its scope")
    void terminateBeside() {
        refused(
                Models.sound()
                        .edit(
                                "release.bpmn",
                                "sourceRef=\"classify\" targetRef=\"passGates\"",
                                "sourceRef=\"classify\" targetRef=\"wrapped\"")
                        .edit(
                                "release.bpmn",
                                "sourceRef=\"passGates\" targetRef=\"signOffSecurity\"",
                                "sourceRef=\"wrapped\" targetRef=\"signOffSecurity\"")
                        .edit("release.bpmn", "calledElement=\"release-gates\"", "calledElement=\"readiness-review\"")
                        .add(
                                "release.bpmn",
                                """
                                <bpmn:subProcess id="wrapped">
                                  <bpmn:startEvent id="inner"/>
                                  <bpmn:callActivity id="innerGates" calledElement="release-gates" camunda:calledElementBinding="deployment">
                                    <bpmn:extensionElements><camunda:in businessKey="#{execution.processBusinessKey}"/></bpmn:extensionElements>
                                  </bpmn:callActivity>
                                  <bpmn:boundaryEvent id="tick" attachedToRef="innerGates" cancelActivity="false"><bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
                                  <bpmn:endEvent id="over"><bpmn:terminateEventDefinition/></bpmn:endEvent>
                                  <bpmn:sequenceFlow id="i1" sourceRef="inner" targetRef="innerGates"/>
                                  <bpmn:sequenceFlow id="i2" sourceRef="tick" targetRef="over"/>
                                </bpmn:subProcess>"""),
                "without `release-gates`, by way of start → classify → wrapped → inner → innerGates → tick → over → signOffSecurity");
    }

    @Test
    @DisplayName("a reminder beside the control ends nothing and is accepted")
    void reminderBeside() {
        deploy(
                Models.sound()
                        .edit(
                                "release.bpmn",
                                "sourceRef=\"classify\" targetRef=\"passGates\"",
                                "sourceRef=\"classify\" targetRef=\"wrapped\"")
                        .edit(
                                "release.bpmn",
                                "sourceRef=\"passGates\" targetRef=\"signOffSecurity\"",
                                "sourceRef=\"wrapped\" targetRef=\"signOffSecurity\"")
                        .edit("release.bpmn", "calledElement=\"release-gates\"", "calledElement=\"readiness-review\"")
                        .edit("release.bpmn", "<bpmn:callActivity id=\"passGates\"", "<bpmn:callActivity id=\"orphan\"")
                        .add(
                                "release.bpmn",
                                """
                        <bpmn:sequenceFlow id="o1" sourceRef="celebrate" targetRef="orphan"/>
                        <bpmn:subProcess id="wrapped">
                          <bpmn:startEvent id="inner"/>
                          <bpmn:callActivity id="innerGates" calledElement="release-gates" camunda:calledElementBinding="deployment">
                            <bpmn:extensionElements><camunda:in businessKey="#{execution.processBusinessKey}"/></bpmn:extensionElements>
                          </bpmn:callActivity>
                          <bpmn:boundaryEvent id="tick" attachedToRef="innerGates" cancelActivity="false"><bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
                          <bpmn:endEvent id="reminded"/>
                          <bpmn:sequenceFlow id="i1" sourceRef="inner" targetRef="innerGates"/>
                          <bpmn:sequenceFlow id="i2" sourceRef="tick" targetRef="reminded"/>
                        </bpmn:subProcess>"""));
    }

    @Test
    @DisplayName("a way for hotfixes only is held to the hotfix floor, by name")
    void hotfixFloor() {
        String hotfixWay =
                """
                <bpmn:exclusiveGateway id="hotfix" default="ordinary"/>
                <bpmn:sequenceFlow id="urgent" sourceRef="hotfix" targetRef="%s"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${kind == 'hotfix'}</bpmn:conditionExpression></bpmn:sequenceFlow>
                <bpmn:sequenceFlow id="ordinary" sourceRef="hotfix" targetRef="signOffSecurity"/>""";
        Models models = Models.sound()
                .edit(
                        "release.bpmn",
                        "sourceRef=\"passGates\" targetRef=\"signOffSecurity\"",
                        "sourceRef=\"passGates\" targetRef=\"hotfix\"");
        refused(
                models.add("release.bpmn", hotfixWay.formatted("grantClearance")),
                "without `readiness-review`, by way of start → classify → passGates → hotfix → grantClearance → startStagedRollout, for the kind of release `hotfix` (Hotfix, lower floor)");

        deploy(models.edit(
                "release.bpmn",
                "sourceRef=\"hotfix\" targetRef=\"grantClearance\"",
                "sourceRef=\"hotfix\" targetRef=\"reviewReadiness\""));
    }

    @Test
    @DisplayName("another process that calls the rollout is refused")
    void anotherCaller() {
        refused(
                Models.sound()
                        .edit(
                                "security-signoff.bpmn",
                                "  </bpmn:process>",
                                """
                          <bpmn:callActivity id="sneak" calledElement="staged-rollout" camunda:calledElementBinding="deployment">
                            <bpmn:extensionElements><camunda:in businessKey="#{execution.processBusinessKey}"/></bpmn:extensionElements>
                          </bpmn:callActivity>
                          </bpmn:process>"""),
                "security-signoff.bpmn: `sneak` calls `staged-rollout`, which only `release` may call: traffic moves only behind the controls of a release");
    }

    @Test
    @DisplayName("a control redefined as an empty process is refused")
    void emptyControl() {
        refused(
                Models.sound()
                        .edit(
                                "release-gates.bpmn",
                                "sourceRef=\"start\" targetRef=\"evaluateGate\"",
                                "sourceRef=\"start\" targetRef=\"done\"")
                        .edit(
                                "release-gates.bpmn",
                                "sourceRef=\"evaluateGate\" targetRef=\"done\"",
                                "sourceRef=\"start\" targetRef=\"evaluateGate\""),
                "release-gates.bpmn: `done` can be reached without `evaluateGate`, by way of start → done");
    }

    @Test
    @DisplayName("a control ended early by an event of its own is refused")
    void controlEndedByEvent() {
        refused(
                Models.sound()
                        .edit(
                                "security-signoff.bpmn",
                                "  </bpmn:process>",
                                """
                          <bpmn:subProcess id="skip" triggeredByEvent="true">
                            <bpmn:startEvent id="skipped"><bpmn:messageEventDefinition messageRef="wake"/></bpmn:startEvent>
                          </bpmn:subProcess>
                          </bpmn:process>"""),
                "security-signoff.bpmn: `skipped` can be reached without `signOff`, by way of skip → skipped");
    }

    @Test
    @DisplayName("the split before the digest is verified is refused")
    void splitBeforeDigest() {
        refused(
                Models.sound()
                        .edit(
                                "staged-rollout.bpmn",
                                "sourceRef=\"start\" targetRef=\"verifyDigest\"",
                                "sourceRef=\"start\" targetRef=\"setSplit\""),
                "staged-rollout.bpmn: `setSplit` can be reached without `verifyDigest`, by way of start → setSplit");
    }

    @Test
    @DisplayName("a part of the set alone is refused")
    void partial() {
        Models alone = Models.sound();
        for (String file : List.copyOf(alone.bytes().keySet())) {
            if (!file.equals("release-gates.bpmn")) {
                alone.without(file);
            }
        }
        refused(alone, "partial deployment", "`release`", "`required-gates`", "`staged-rollout`");
        refused(Models.sound().without("required-seats.dmn"), "partial deployment", "missing are `required-seats`");
    }

    @Test
    @DisplayName("a table without the mandatory gate is refused, naming the facts and the rows")
    void tableWithoutGate() {
        refused(
                Models.sound()
                        .edit(
                                "required-gates.dmn",
                                "<inputEntry id=\"sast-in-1\"><text>-</text>",
                                "<inputEntry id=\"sast-in-1\"><text>not(\"standard\")</text>"),
                "required-gates.dmn: `required-gates` can answer without `gate = sast`",
                "row 1 `tests`: Tests, always.",
                "it is answered only by row 2 `sast`: Static analysis, always.",
                "for kind = standard, tier = standard",
                "Every release is tested and scanned.");
    }

    @Test
    @DisplayName("a first step of everything is refused, naming the row, also when it stands last")
    void firstStepOfEverything() {
        refused(
                Models.sound().edit("rollout-plan.dmn", "<text>0.1</text>", "<text>1</text>"),
                "rollout-plan.dmn: `rollout-plan` answers share = 1.0, over the limit of 0.1 (row 1 `first`: A tenth first.), for tier = critical, target = production");
        refused(
                Models.sound()
                        .edit(
                                "rollout-plan.dmn",
                                "<outputEntry id=\"all-out-0\"><text>3</text>",
                                "<outputEntry id=\"all-out-0\"><text>0</text>"),
                "row 3 `all`: Then all.");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "first hit wins            | COLLECT | FIRST",
                "only one may match        | COLLECT | UNIQUE",
                "any, as long as they agree| COLLECT | ANY"
            })
    @DisplayName("a hit policy that drops rows is found out by asking")
    void hitPolicy(String name, String from, String to) {
        refused(
                Models.sound().edit("required-gates.dmn", "hitPolicy=\"" + from + "\"", "hitPolicy=\"" + to + "\""),
                "required-gates.dmn: `required-gates` can");
    }

    @Test
    @DisplayName("a table that asks the clock or an unknown fact cannot be proven and is refused")
    void timeBomb() {
        refused(
                Models.sound().edit("required-gates.dmn", "<text>tier</text>", "<text>service</text>"),
                "asks `service`, which is not among the facts that the floor knows: authentication, kind, personalData, tier");
        refused(
                Models.sound()
                        .edit(
                                "required-gates.dmn",
                                "<inputEntry id=\"sast-in-0\"><text>-</text>",
                                "<inputEntry id=\"sast-in-0\"><text>now() &lt; date and time(\"2030-01-01T00:00:00\")</text>"),
                "row 2 (Static analysis, always.): the cell",
                "must compare with constants only");
        refused(
                Models.sound()
                        .edit(
                                "required-gates.dmn",
                                "<outputEntry id=\"sast-out-0\"><text>\"sast\"</text>",
                                "<outputEntry id=\"sast-out-0\"><text>if random number() > 0.5 then \"sast\" else \"none\"</text>"),
                "the answer `if random number()");
    }

    @Test
    @DisplayName("history cannot be made to lower the tier")
    void riskTierLowered() {
        refused(
                Models.sound()
                        .edit(
                                "risk-tier.dmn",
                                "<inputEntry id=\"critical-in-1\"><text>-</text>",
                                "<inputEntry id=\"critical-in-1\"><text>&gt; 0</text>"),
                "answers tier = standard, weaker than own = critical (row 4 `else`: Everything else.)",
                "History raises a tier and never lowers it.");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a script task|<bpmn:scriptTask id=\"script\" scriptFormat=\"groovy\"><bpmn:script>1</bpmn:script></bpmn:scriptTask>|uses <bpmn:scriptTask>",
                "a class|<bpmn:serviceTask id=\"evil\" camunda:class=\"java.lang.Runtime\"/>|uses camunda:class",
                "an expression task|<bpmn:serviceTask id=\"evil\" camunda:expression=\"${classify.execute(execution)}\"/>|uses camunda:expression",
                "an unknown bean|<bpmn:serviceTask id=\"evil\" camunda:delegateExpression=\"${dataSource}\"/>|names `${dataSource}`, which is no delegate of this platform",
                "an external task|<bpmn:serviceTask id=\"evil\" camunda:type=\"external\" camunda:topic=\"x\"/>|uses camunda:type",
                "a listener|<bpmn:serviceTask id=\"evil\" camunda:delegateExpression=\"${quick}\"><bpmn:extensionElements><camunda:executionListener event=\"start\" expression=\"${execution.setVariable('signedOff', true)}\"/></bpmn:extensionElements></bpmn:serviceTask>|uses expression=",
                "a listener's script|<bpmn:serviceTask id=\"evil\" camunda:delegateExpression=\"${quick}\"><bpmn:extensionElements><camunda:executionListener event=\"start\"><camunda:script scriptFormat=\"groovy\">1</camunda:script></camunda:executionListener></bpmn:extensionElements></bpmn:serviceTask>|uses <camunda:script>",
                "an unknown listener|<bpmn:serviceTask id=\"evil\" camunda:delegateExpression=\"${quick}\"><bpmn:extensionElements><camunda:executionListener event=\"start\" delegateExpression=\"${runtimeService}\"/></bpmn:extensionElements></bpmn:serviceTask>|is no listener of this platform",
                "a connector|<bpmn:serviceTask id=\"evil\"><bpmn:extensionElements><camunda:connector><camunda:connectorId>http-connector</camunda:connectorId></camunda:connector></bpmn:extensionElements></bpmn:serviceTask>|uses <camunda:connector>",
                "an output|<bpmn:serviceTask id=\"evil\" camunda:delegateExpression=\"${quick}\"><bpmn:extensionElements><camunda:inputOutput><camunda:outputParameter name=\"signedOff\">${true}</camunda:outputParameter></camunda:inputOutput></bpmn:extensionElements></bpmn:serviceTask>|uses <camunda:outputParameter>",
                "an input over an outcome|<bpmn:serviceTask id=\"evil\" camunda:delegateExpression=\"${quick}\"><bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name=\"decision\">GO</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements></bpmn:serviceTask>|writes `decision`, which only the platform's own steps decide",
                "code in a name|<bpmn:userTask id=\"evil\" name=\"${execution.getProcessEngineServices()}\" camunda:formRef=\"celebrate\" camunda:formRefBinding=\"deployment\"/>|reaches into `execution.getProcessEngineServices`",
                "code in documentation|<bpmn:userTask id=\"evil\" camunda:formRef=\"celebrate\" camunda:formRefBinding=\"deployment\"><bpmn:documentation>${''.getClass()}</bpmn:documentation></bpmn:userTask>|calls a method of a literal",
                "code cut in two|<bpmn:userTask id=\"evil\" camunda:formRef=\"celebrate\" camunda:formRefBinding=\"deployment\"><bpmn:documentation>$<!-- -->{runtimeService.foo()}</bpmn:documentation></bpmn:userTask>|reaches into `runtimeService.foo`",
                "code in a due date|<bpmn:userTask id=\"evil\" camunda:dueDate=\"${dateTime().getClass()}\" camunda:formRef=\"celebrate\" camunda:formRefBinding=\"deployment\"/>|calls `getClass` of a date",
                "a model bean's class|<bpmn:userTask id=\"evil\" camunda:assignee=\"${gates.getClass()}\" camunda:formRef=\"celebrate\" camunda:formRefBinding=\"deployment\"/>|calls `gates.getClass`",
                "a computed process|<bpmn:callActivity id=\"evil\" calledElement=\"${which}\" camunda:calledElementBinding=\"deployment\"><bpmn:extensionElements><camunda:in businessKey=\"#{execution.processBusinessKey}\"/></bpmn:extensionElements></bpmn:callActivity>|must name the process it calls, not compute it",
                "the latest version|<bpmn:callActivity id=\"evil\" calledElement=\"release-gates\"><bpmn:extensionElements><camunda:in businessKey=\"#{execution.processBusinessKey}\"/></bpmn:extensionElements></bpmn:callActivity>|must bind the called process by",
                "another release's key|<bpmn:callActivity id=\"evil\" calledElement=\"release-gates\" camunda:calledElementBinding=\"deployment\"><bpmn:extensionElements><camunda:in businessKey=\"other@1.0.0\"/></bpmn:extensionElements></bpmn:callActivity>|must pass the release on",
                "a task without form|<bpmn:userTask id=\"evil\"/>|`evil` has no form",
                "an error on a task|<bpmn:boundaryEvent id=\"evil\" attachedToRef=\"celebrate\"><bpmn:errorEventDefinition errorRef=\"stopped\"/></bpmn:boundaryEvent>|could end the task with one, around its checks",
                "a transaction|<bpmn:transaction id=\"evil\"/>|uses <bpmn:transaction>",
                "an ad-hoc subprocess|<bpmn:adHocSubProcess id=\"evil\"/>|uses <bpmn:adHocSubProcess>",
                "Activiti's old namespace|<bpmn:serviceTask xmlns:activiti=\"http://activiti.org/bpmn\" id=\"evil\" camunda:delegateExpression=\"${quick}\" activiti:asyncBefore=\"true\"/>|uses activiti:asyncBefore",
                "a condition in another language|<bpmn:sequenceFlow id=\"evil\" sourceRef=\"classify\" targetRef=\"rejected\"><bpmn:conditionExpression xsi:type=\"bpmn:tFormalExpression\" language=\"groovy\">true</bpmn:conditionExpression></bpmn:sequenceFlow>|uses language=\"groovy\""
            })
    @DisplayName("what runs code, or hides what is done, is refused everywhere")
    void unsafe(String name, String element, String message) {
        refused(Models.sound().add("release.bpmn", element), message);
    }

    @Test
    @DisplayName("a form that no bean checks cannot write a control's answer")
    void formWritesOutcome() {
        refused(
                Models.sound().edit("celebrate.form", "\"key\": \"worthIt\"", "\"key\": \"signedOff\""),
                "`celebrate` would let a form write `signedOff`, which only the platform's own steps decide");
    }

    @Test
    @DisplayName("a form that loads from elsewhere, or that Tasklist cannot draw, is refused")
    void unsafeForm() {
        refused(
                Models.sound()
                        .edit(
                                "celebrate.form",
                                "\"type\": \"text\", \"id\": \"ask\", \"text\"",
                                "\"type\": \"iframe\", \"id\": \"ask\", \"url\""),
                "`ask` is a iframe");
        refused(
                Models.sound().edit("celebrate.form", "Was it worth it?", "<img src=x onerror=alert(1)>"),
                "active content");
        refused(
                Models.sound().edit("celebrate.form", "\"schemaVersion\": 16", "\"schemaVersion\": 18"),
                "schemaVersion 18 is newer");
    }

    @Test
    @DisplayName("tables in another language than FEEL, case models and files with a DOCTYPE are refused")
    void otherLanguages() {
        refused(
                Models.sound()
                        .edit(
                                "rollout-plan.dmn",
                                "<inputEntry id=\"first-in-0\">",
                                "<inputEntry id=\"first-in-0\" expressionLanguage=\"javascript\">"),
                "decision tables are written in FEEL");
        refused(Models.sound().with("case.cmmn", "<x/>"), "case models are not used here");
        refused(
                Models.sound()
                        .edit("release.bpmn", "<bpmn:definitions", "<!DOCTYPE x [<!ENTITY y \"z\">]><bpmn:definitions"),
                "release.bpmn: cannot be read",
                "DOCTYPE");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a step of the platform|<bpmn:serviceTask id=\"promote\" camunda:delegateExpression=\"${setSplit}\"/>|`promote` uses the platform's `setSplit`",
                "a listener|<bpmn:endEvent id=\"fed\"><bpmn:extensionElements><camunda:executionListener event=\"start\" delegateExpression=\"${tellOwner}\"/></bpmn:extensionElements></bpmn:endEvent>|`fed` uses the platform's `tellOwner`",
                "a fact|<bpmn:endEvent id=\"fed\" name=\"${gates.required(execution.processBusinessKey)}\"/>|`fed` uses the platform's `gates`",
                "a task rehosted, whoever it asks|<bpmn:userTask id=\"giveVote\" camunda:formRef=\"meal\" camunda:formRefBinding=\"deployment\" camunda:candidateGroups=\"process-owner\"><bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name=\"party\">security</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements></bpmn:userTask>|`giveVote` is a task of the platform",
                "a state of the release|<bpmn:endEvent id=\"fed\"><bpmn:extensionElements><camunda:properties><camunda:property name=\"releaseState\" value=\"STABLE\"/></camunda:properties></bpmn:extensionElements></bpmn:endEvent>|`fed` enters a state of the release",
                "a message that the platform sends|<bpmn:startEvent id=\"woken\"><bpmn:messageEventDefinition messageRef=\"platforms\"/></bpmn:startEvent>|`woken` waits for the platform's message `candidateRunning`",
                "a message of one gate|<bpmn:receiveTask id=\"arrived\" messageRef=\"gates\"/>|`arrived` waits for the platform's message `evidenceArrived-tests`",
                "a message that is computed|<bpmn:receiveTask id=\"anything\" messageRef=\"computed\"/>|`anything` must name its message, not compute it"
            })
    @DisplayName("what is the platform's own is refused in a process that one person alone may deploy")
    void outsideControlledProcesses(String name, String element, String message) {
        var alone = engine.getRepositoryService().createDeployment().name("lunch");
        alone.addString(
                "lunch.bpmn",
                LUNCH.formatted(
                        element
                                + "<bpmn:startEvent id=\"hungry\"><bpmn:messageEventDefinition messageRef=\"own\"/></bpmn:startEvent>"));
        alone.addString(
                "meal.form", "{\"id\": \"meal\", \"type\": \"default\", \"schemaVersion\": 16, \"components\": []}");

        assertThatThrownBy(alone::deploy)
                .isInstanceOf(ModelsRefused.class)
                .hasMessageContaining(
                        "lunch.bpmn: " + message + ", which only controlled processes may; `lunch` is none")
                .satisfies(refusal ->
                        assertThat(((ModelsRefused) refusal).findings()).hasSize(1));
        assertThat(engine.getRepositoryService().createDeploymentQuery().count())
                .isZero();
    }

    @Test
    @DisplayName(
            "the platform's steps in a new process are refused in the complete set too: the floor names controlled processes")
    void newProcessInTheSet() {
        refused(
                Models.sound()
                        .with(
                                "lunch.bpmn",
                                LUNCH.formatted(
                                        "<bpmn:serviceTask id=\"clear\" camunda:delegateExpression=\"${grantClearance}\"/>")),
                "lunch.bpmn: `clear` uses the platform's `grantClearance`");
    }

    @Test
    @DisplayName("a process owner may add a task with a form, a deadline, a seat, and a model of their own")
    void benign() {
        deploy(
                Models.sound()
                        .edit(
                                "required-seats.dmn",
                                "      <rule id=\"security\">",
                                """
                              <rule id="dpo"><description>The data protection officer.</description><inputEntry id="dpo-in-0"><text>-</text></inputEntry><inputEntry id="dpo-in-1"><text>"critical"</text></inputEntry><outputEntry id="dpo-out-0"><text>"privacy"</text></outputEntry><outputEntry id="dpo-out-1"><text>false</text></outputEntry></rule>
                              <rule id="security">""")
                        .edit(
                                "release.bpmn",
                                "sourceRef=\"classify\" targetRef=\"passGates\"",
                                "sourceRef=\"classify\" targetRef=\"askOwner\"")
                        .add(
                                "release.bpmn",
                                """
                        <bpmn:userTask id="askOwner" name="Ask the owner of ${execution.processBusinessKey}" camunda:formRef="celebrate" camunda:formRefBinding="deployment" camunda:candidateGroups="product" camunda:dueDate="${dateTime().plusDays(2).toDate()}">
                          <bpmn:extensionElements><camunda:taskListener event="create" delegateExpression="${tellOwner}"/></bpmn:extensionElements>
                        </bpmn:userTask>
                        <bpmn:boundaryEvent id="ownerLate" attachedToRef="askOwner"><bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P2D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
                        <bpmn:sequenceFlow id="b1" sourceRef="askOwner" targetRef="passGates"/>
                        <bpmn:sequenceFlow id="b2" sourceRef="ownerLate" targetRef="rejected"/>"""));

        var unrelated = engine.getRepositoryService().createDeployment().name("unrelated");
        unrelated.addString(
                "lunch.bpmn",
                LUNCH.formatted(
                        "<bpmn:startEvent id=\"hungry\"><bpmn:messageEventDefinition messageRef=\"own\"/></bpmn:startEvent>"));
        assertThat(unrelated.deploy().getId()).isNotNull();
    }
}
