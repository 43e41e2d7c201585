package dev.countersign.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.kagkarlsson.scheduler.testhelper.ManualScheduler;
import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import dev.countersign.DatabaseTest;
import dev.countersign.Engine.Hands;
import dev.countersign.Statements;
import dev.countersign.Statements.Count;
import dev.countersign.release.OpenRelease;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseOpening;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.rollout.Targets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.camunda.bpm.engine.impl.cfg.StandaloneInMemProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.persistence.StrongUuidGenerator;
import org.camunda.bpm.engine.impl.util.ClockUtil;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.engine.task.IdentityLink;
import org.camunda.bpm.engine.task.Task;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.MockMvc;

/**
 * What one whole release of {@code checkout}, from its opening to its end, asks of the database, beside the same models on the same way with steps that do nothing.
 */
@DatabaseTest
@TestPropertySource(properties = "countersign.sandbox.startup=PT0S")
@Import(StatementCountTests.Counted.class)
@DisabledIfSystemProperty(
        named = "countersign.test.database",
        matches = "postgresql",
        disabledReason = "The figures are those of H2")
@Tag("M8.2")
class StatementCountTests {
    private static final Statements PLATFORM = new Statements();
    private static final String CANDIDATE = "sha256:" + "a".repeat(64);
    private static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    private static final List<String> MODELS = List.of(
            "release",
            "acceptance-criteria",
            "release-gates",
            "security-signoff",
            "release-preparation",
            "readiness-review",
            "staged-rollout",
            "stabilisation",
            "rollback",
            "post-mortem",
            "post-release-review");
    /** What was measured: a change that asks more of the database is seen here, and is then measured anew in docs/performance.md. */
    private static final Count LIMIT = new Count(3012, 2300, 1600);

    private static final long COMMITS = 185;
    private static final int TIMES_TOLD = 4;
    private static final Pattern STEP = Pattern.compile("delegateExpression=\"\\$\\{(\\w+)\\}\"");
    private static final Predicate<String> BESIDE = table ->
            table.startsWith("observation") || table.startsWith("mail") || table.equals("scheduled_tasks (polling)");

    @Autowired
    private MockMvc http;

    @Autowired
    private ReleaseOpening opening;

    @Autowired
    private Releases releases;

    @Autowired
    private Targets targets;

    @Autowired
    private ObservationTick tick;

    @Autowired
    private TaskService tasks;

    @Autowired
    private FormService forms;

    @Autowired
    private HistoryService history;

    @Autowired
    private ManagementService management;

    @Autowired
    private ManualScheduler scheduler;

    @Autowired
    private SettableClock schedulerClock;

    @Autowired
    private ObjectMapper json;

    @Autowired
    private Hands hands;

    private String key;

    @TestConfiguration(proxyBeanMethods = false)
    static class Counted {
        @Bean
        static BeanPostProcessor countStatements() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof DataSource source ? PLATFORM.around(source) : bean;
                }
            };
        }

        /** Both versions answer well, and all the same. */
        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        MetricsSource healthy(ObjectProvider<Targets> targets) {
            return (service, from, to) -> {
                String stable = targets.getObject()
                        .deployerOf(service)
                        .stableDigest(service)
                        .orElseThrow();
                List<MetricsSource.Sample> samples = new ArrayList<>();
                double[] took = new double[100];
                Arrays.fill(took, 20);
                Instant at = from.truncatedTo(ChronoUnit.SECONDS);
                for (; !at.plusSeconds(1).isAfter(to); at = at.plusSeconds(1)) {
                    for (String version : List.of(CANDIDATE, stable)) {
                        samples.add(new MetricsSource.Sample(
                                at, Duration.ofSeconds(1), version, 100, 0, 20.0, 20.0, 20.0, Latencies.of(took)));
                    }
                }
                return samples;
            };
        }
    }

    @AfterEach
    void resetTime() {
        PLATFORM.off();
        hands.resetTime();
    }

    @Test
    void one_whole_release() throws Exception {
        // On a whole second, so that each run looks at as many measurements.
        ClockUtil.setCurrentTime(Date.from(Instant.now().truncatedTo(ChronoUnit.SECONDS)));
        release();
        Statements bare = bare();
        Files.writeString(Path.of("target/statement-counts.md"), report(bare));
        Count all = PLATFORM.of(BESIDE.negate());
        assertThat(all.statements()).as("statements").isLessThanOrEqualTo(LIMIT.statements());
        assertThat((double) all.statements() / bare.of(table -> true).statements())
                .as("times the bare engine's statements")
                .isLessThanOrEqualTo(1.25);
        assertThat(all.calls()).as("JDBC calls").isLessThanOrEqualTo(LIMIT.calls());
        assertThat(all.insertedRows()).as("rows").isLessThanOrEqualTo(LIMIT.insertedRows());
        assertThat(PLATFORM.commits()).as("commits").isLessThanOrEqualTo(COMMITS);
    }

    private void release() throws Exception {
        PLATFORM.on();
        key = hands.as(
                        "ci",
                        () -> opening.open(new OpenRelease(
                                "checkout",
                                "7.0.0",
                                "standard",
                                "One-page checkout",
                                "production",
                                COMMIT,
                                null,
                                List.of("developer"),
                                List.of(new Release.Artifact("registry.example/checkout", CANDIDATE)),
                                Map.of(
                                        "externalEndpoints", false,
                                        "authentication", false,
                                        "personalData", false,
                                        "databaseMigration", false,
                                        "infrastructure", false,
                                        "apiContract", false),
                                null,
                                List.of(),
                                null,
                                List.of())))
                .key();
        for (String file : List.of("junit.xml", "results.sarif")) {
            http.perform(post("/api/releases/{key}/evidence", key)
                            .queryParam("commit", COMMIT)
                            .contentType("application/octet-stream")
                            .content(Files.readAllBytes(Path.of("docs/tour", file)))
                            .with(httpBasic("ci", "ci")))
                    .andExpect(status().isCreated());
        }
        PLATFORM.off();
        for (int second = 0; second < 400 && !releases.get(key).closed(); second++) {
            ClockUtil.setCurrentTime(
                    Date.from(ClockUtil.getCurrentTime().toInstant().plusSeconds(1)));
            while (work() || answer()) {
                // goes on as long as something is due or somebody is asked
            }
            PLATFORM.on();
            tick.look();
            PLATFORM.off();
        }
        // Messages that nobody waited for are told a few times more.
        ClockUtil.setCurrentTime(Date.from(Instant.now().plusSeconds(600)));
        for (int told = 0; told < TIMES_TOLD; told++) {
            work();
        }
        assertThat(releases.get(key).state()).isEqualTo(ReleaseState.STABLE);
        assertThat(releases.get(key).closed()).isTrue();
    }

    private boolean work() throws Exception {
        Instant now = ClockUtil.getCurrentTime().toInstant();
        schedulerClock.set(now.isAfter(Instant.now()) ? now : Instant.now());
        List<Job> due = management
                .createJobQuery()
                .active()
                .executable()
                .withRetriesLeft()
                .list();
        for (Job job : due) {
            PLATFORM.on();
            management.executeJob(job.getId());
            PLATFORM.off();
        }
        if (!due.isEmpty()) {
            return true;
        }
        if (history.createHistoricActivityInstanceQuery()
                                .activityId("deployCandidate")
                                .finished()
                                .count()
                        > 0
                && releases.get(key).state() == ReleaseState.ROLLING_OUT) {
            await().atMost(Duration.ofMinutes(1)).until(() -> targets.deployerOf("checkout")
                    .candidateDigest("checkout")
                    .isPresent());
        }
        PLATFORM.on();
        scheduler.runAnyDueExecutions();
        PLATFORM.off();
        return management
                        .createJobQuery()
                        .active()
                        .executable()
                        .withRetriesLeft()
                        .count()
                > 0;
    }

    private boolean answer() throws Exception {
        List<Task> open = tasks.createTaskQuery()
                .processInstanceBusinessKey(key)
                .orderByTaskCreateTime()
                .asc()
                .list();
        for (Task task : open) {
            String group = tasks.getIdentityLinksForTask(task.getId()).stream()
                    .map(IdentityLink::getGroupId)
                    .filter(id -> id != null)
                    .findFirst()
                    .orElseThrow();
            String person = List.of("developer", "release-manager").contains(group) ? group + "-2" : group;
            Map<String, Object> fields = fields(task);
            hands.as(person, () -> {
                PLATFORM.on();
                tasks.complete(task.getId(), fields);
                PLATFORM.off();
                return null;
            });
        }
        return !open.isEmpty();
    }

    private Map<String, Object> fields(Task task) throws Exception {
        Map<String, Object> shown = forms.getTaskFormVariables(task.getId());
        Map<String, Object> fields = new HashMap<>();
        String form = Files.readString(Path.of("forms", task.getTaskDefinitionKey() + ".form"));
        for (String prefilled : List.of("dossier", "seen", "attendance", "ratings", "items", "messages")) {
            if (form.contains("\"key\": \"" + prefilled + "\"") || form.contains("\"path\": \"" + prefilled + "\"")) {
                fields.put(prefilled, String.valueOf(shown.get(prefilled)));
            }
        }
        switch (task.getTaskDefinitionKey()) {
            case "agreeOnCriteria" -> fields.put("answer", "agree");
            case "signOff" -> fields.put("decision", "approve");
            case "tickChecklist" -> {
                JsonNode rows = json.readTree(String.valueOf(fields.get("items")));
                rows.forEach(row -> ((ObjectNode) row).put("ticked", true).put("evidence", "https://ci.example.org/7"));
                fields.put("items", json.writeValueAsString(rows));
            }
            case "planCommunication" -> fields.put("status", "final");
            case "holdMeeting" -> fields.put("minutes", "Everybody is here. Nothing speaks against it.");
            case "reviewHistory" -> {
                fields.put("mitigationNeeded", "no");
                fields.put("reason", "No incident in the last 90 days.");
            }
            case "voteOnReadiness" -> fields.put("vote", "GO");
            case "acknowledgeWatch" -> fields.put("acknowledged", true);
            case "giveRetrospectiveInput" -> {
                fields.put("wentWell", "The gates answered within minutes.");
                fields.put("toImprove", "Invite earlier.");
            }
            case "summariseRetrospective" -> {
                fields.put("retrospectiveSummary", "A quiet release.");
                JsonNode rows = json.readTree(String.valueOf(fields.get("ratings")));
                rows.forEach(row -> ((ObjectNode) row).put("effect", "effective"));
                fields.put("ratings", json.writeValueAsString(rows));
            }
            default -> throw new IllegalArgumentException("Nobody knows what to answer to " + task.getName());
        }
        return fields;
    }

    /** The same models on a bare engine: the steps do nothing but give the model the outcome that it had on the platform. */
    private Statements bare() {
        Statements counted = new Statements();
        JdbcConnectionPool database =
                JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
        var configuration = new StandaloneInMemProcessEngineConfiguration();
        configuration.setProcessEngineName(UUID.randomUUID().toString());
        configuration.setDataSource(counted.around(database));
        configuration.setDatabaseSchemaUpdate("create-drop");
        configuration.setHistory("full");
        configuration.setHistoryRemovalTimeStrategy("start");
        configuration.setIdGenerator(new StrongUuidGenerator());
        configuration.setJobExecutorActivate(false);
        configuration.setMetricsEnabled(false);
        configuration.setBeans(steps());
        ProcessEngine engine = configuration.buildProcessEngine();
        try {
            var deployment = engine.getRepositoryService().createDeployment();
            for (String model : MODELS) {
                deployment.addInputStream(model + ".bpmn", Files.newInputStream(Path.of("processes", model + ".bpmn")));
            }
            deployment.deploy();
            counted.on();
            engine.getRuntimeService().startProcessInstanceByKey("release", key);
            counted.off();
            for (int round = 0; round < 400 && go(engine, counted); round++) {
                // one step after the other
            }
            assertThat(engine.getRuntimeService().createProcessInstanceQuery().count())
                    .isZero();
            assertThat(activities(engine.getHistoryService()))
                    .as("the same way")
                    .isEqualTo(activities(history));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } finally {
            engine.close();
            database.dispose();
        }
        return counted;
    }

    private static boolean go(ProcessEngine engine, Statements counted) {
        List<Job> due =
                engine.getManagementService().createJobQuery().executable().list();
        for (Job job : due) {
            counted.on();
            engine.getManagementService().executeJob(job.getId());
            counted.off();
        }
        if (!due.isEmpty()) {
            return true;
        }
        List<Task> open = engine.getTaskService().createTaskQuery().list();
        for (Task task : open) {
            counted.on();
            engine.getTaskService().complete(task.getId());
            counted.off();
        }
        if (!open.isEmpty()) {
            return true;
        }
        for (String message : List.of("candidateRunning", "stepJudged", "stabilisationJudged")) {
            if (engine.getRuntimeService()
                            .createEventSubscriptionQuery()
                            .eventName(message)
                            .count()
                    > 0) {
                counted.on();
                engine.getRuntimeService().createMessageCorrelation(message).correlateAll();
                counted.off();
                return true;
            }
        }
        return false;
    }

    /** How often each activity of the release was entered. */
    private Map<String, Integer> activities(HistoryService from) {
        Map<String, Integer> entered = new TreeMap<>();
        from.createHistoricProcessInstanceQuery()
                .processInstanceBusinessKey(key)
                .list()
                .forEach(instance -> from.createHistoricActivityInstanceQuery()
                        .processInstanceId(instance.getId())
                        .list()
                        .forEach(activity -> entered.merge(activity.getActivityId(), 1, Integer::sum)));
        return entered;
    }

    private Map<Object, Object> steps() {
        Map<Object, Object> beans = new HashMap<>();
        Known known = new Known(this, "signoff");
        beans.put("criteriaParties", new Known(this, "party"));
        for (String bean : List.of(
                "requiredGates",
                "requiredSignoffs",
                "reviewQuestions",
                "rolloutPeople",
                "rolloutJourneys",
                "releaseWindow",
                "retrospectiveTeams")) {
            beans.put(bean, known);
        }
        beans.put("preparation", new Prepared(this));
        Map<String, Map<String, Object>> outcomes = new HashMap<>(Map.of(
                "weighPreparation", Map.of("preparationOutcome", "complete", "prepared", true),
                "weighAgreement", Map.of("agreement", "AGREED"),
                "freezeCriteria", Map.of("criteriaAgreed", true),
                "evaluateGate", Map.of("gateOutcome", "clear"),
                "confirmGates", Map.of("gatesClear", true),
                "weighSignoffs", Map.of("signoffOutcome", "given", "signedOff", true),
                "determineSeats",
                        Map.of(
                                "meetingNeeded", variables("meetingNeeded").get(0),
                                "historyNeeded", variables("historyNeeded").get(0)),
                "decideReview", Map.of("reviewOutcome", "GO", "decision", "GO"),
                "verifyDigest", Map.of("digestApproved", true),
                "readStability", Map.of("stabilityVerdict", "PASS")));
        outcomes.put("checkDatabase", Map.of("databaseIntact", true));
        int[] steps = {activities(history).get("readVerdict")};
        for (String model : MODELS) {
            try {
                var expressions = STEP.matcher(Files.readString(Path.of("processes", model + ".bpmn")));
                while (expressions.find()) {
                    String step = expressions.group(1);
                    beans.put(step, (JavaDelegate)
                            execution -> outcomes.getOrDefault(step, Map.of()).forEach(execution::setVariable));
                }
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        beans.put("readVerdict", (JavaDelegate) execution -> {
            execution.setVariable("stepVerdict", "PASS");
            execution.setVariable("promotedByPerson", false);
            execution.setVariable("stepsLeft", --steps[0]);
        });
        return beans;
    }

    private List<Object> variables(String name) {
        return history.createHistoricVariableInstanceQuery().variableName(name).list().stream()
                .map(variable -> variable.getValue())
                .distinct()
                .toList();
    }

    /** What the models ask besides their steps, answered as on the platform. Public for the engine's expressions. */
    public static final class Known {
        private final StatementCountTests platform;
        private final String missing;

        Known(StatementCountTests platform, String missing) {
            this.platform = platform;
            this.missing = missing;
        }

        public List<Object> missing(String releaseKey) {
            return platform.variables(missing);
        }

        public List<Object> of(String releaseKey) {
            return platform.variables("gate");
        }

        public List<Object> seatsToAsk(String releaseKey) {
            return platform.variables("seat");
        }

        public List<Object> toAsk(String releaseKey) {
            return platform.variables("team");
        }

        public boolean isRefused(String releaseKey) {
            return false;
        }

        public boolean isHeldBySystem(String releaseKey, String gate) {
            return false;
        }

        public String groupOf(String releaseKey, Object item) {
            return "group";
        }

        public List<String> onDuty(DelegateExecution execution) {
            return List.of();
        }

        public String timeToVote(String releaseKey, String ordinarily) {
            return ordinarily;
        }

        public Date votesDue(String releaseKey, String ordinarily) {
            return ClockUtil.getCurrentTime();
        }

        public boolean declared(DelegateExecution execution) {
            return false;
        }

        public String onCall(DelegateExecution execution) {
            return "group";
        }

        public Date opensAt(DelegateExecution execution) {
            return ClockUtil.getCurrentTime();
        }

        public Date stepEndsAt(DelegateExecution execution) {
            return new Date(ClockUtil.getCurrentTime().getTime() + 60_000);
        }

        public Date stabilisationEndsAt(DelegateExecution execution) {
            return stepEndsAt(execution);
        }
    }

    /** What the model of the preparation asks, answered as on the platform. Public for the engine's expressions. */
    public static final class Prepared {
        private final StatementCountTests platform;
        private boolean planned;

        Prepared(StatementCountTests platform) {
            this.platform = platform;
        }

        public List<Object> rolesAsked(String releaseKey) {
            return platform.variables("role");
        }

        public String groupOf(String role) {
            return role;
        }

        public boolean planIsMissing(String releaseKey) {
            boolean missing = !planned;
            planned = true;
            return missing;
        }

        public String planners(String releaseKey) {
            return "product";
        }
    }

    private static String report(Statements bare) {
        StringBuilder text = new StringBuilder("| | statements | JDBC calls | rows inserted |\n|---|---|---|---|\n");
        line(text, "bare engine", bare.of(table -> true));
        line(text, "platform", PLATFORM.of(BESIDE.negate()));
        line(text, "of it the engine's tables", PLATFORM.of(table -> table.startsWith("act_")));
        line(text, "of it the log's outbox", PLATFORM.of(table -> table.equals("log_outbox")));
        line(text, "of it persons and their words", PLATFORM.of(table -> table.equals("personal_value")));
        line(text, "of it scheduled tasks", PLATFORM.of(table -> table.equals("scheduled_tasks")));
        line(text, "beside: polling", PLATFORM.of(table -> table.equals("scheduled_tasks (polling)")));
        line(text, "beside: observation", PLATFORM.of(table -> table.startsWith("observation")));
        line(text, "beside: mail", PLATFORM.of(table -> table.startsWith("mail")));
        text.append("\nCommits: bare engine ")
                .append(bare.commits())
                .append(", platform ")
                .append(PLATFORM.commits())
                .append(" (with observation and mail)\n\n| table | statements | bare engine |\n|---|---|---|\n");
        PLATFORM.byTable().entrySet().stream()
                .sorted(Map.Entry.comparingByValue(
                        Comparator.comparingLong(Count::statements).reversed()))
                .forEach(entry -> text.append("| %s | %d | %d |\n"
                        .formatted(
                                entry.getKey(),
                                entry.getValue().statements(),
                                bare.of(entry.getKey()::equals).statements())));
        return text.toString();
    }

    private static void line(StringBuilder text, String what, Count count) {
        text.append("| %s | %d | %d | %d |\n".formatted(what, count.statements(), count.calls(), count.insertedRows()));
    }
}
