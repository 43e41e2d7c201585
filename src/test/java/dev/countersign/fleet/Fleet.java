package dev.countersign.fleet;

import dev.countersign.Countersign;
import dev.countersign.Statements;
import dev.countersign.release.Dossiers;
import dev.countersign.release.OpenRelease;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseOpening;
import dev.countersign.rollout.Deployer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.identity.Group;
import org.camunda.bpm.engine.runtime.EventSubscription;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.task.Task;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The application with a catalog of many services, each at the first step of its rollout, for programs that measure. Real are: the application on its embedded database,
 * its models, job executor and scheduler, a HAProxy that splits every service, and a Prometheus that scrapes what {@link MeasuredServices} shows of them. Made up are:
 * the services' requests, the target that says which candidate runs, and the clearance, which is written into the table, with the process moved on to its rollout.
 */
public final class Fleet implements AutoCloseable {
    public static final String SECRET = "figures-0123456789abcdef0123456789";
    private static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private final Path folder;
    private final MeasuredServices measured;
    private final Servers servers;
    private final Statements statements = new Statements();
    private final List<String> services;
    private ConfigurableApplicationContext application;

    public Fleet(int size) throws IOException {
        folder = Files.createTempDirectory("fleet");
        services = IntStream.rangeClosed(1, size)
                .mapToObj("service-%04d"::formatted)
                .toList();
        measured = new MeasuredServices(services);
        servers = new Servers(folder, services, measured.port());
    }

    public Fleet start(String... properties) throws IOException {
        writeCatalog();
        servers.start();
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--spring.datasource.hikari.maximum-pool-size=32",
                "--countersign.data=" + folder.resolve("data"),
                "--countersign.catalog.folder=" + folder.resolve("catalog").toUri(),
                "--countersign.catalog.capacity=" + folder.resolve("capacity").toUri(),
                "--countersign.catalog.journeys=nowhere",
                "--countersign.catalog.kpis=nowhere",
                "--countersign.sandbox.load.enabled=false",
                "--countersign.observe.prometheus.url=" + servers.prometheus(),
                "--countersign.rollout.alertmanager.secret=" + SECRET,
                "--countersign.rollout.haproxy.sockets=" + servers.haproxySocket(),
                "--logging.level.root=WARN",
                "--logging.level.dev.countersign=WARN"));
        for (String service : services) {
            String key = "--countersign.rollout.haproxy.services." + service;
            arguments.add(key + ".backend=" + service);
            arguments.add(key + ".stable=stable");
            arguments.add(key + ".candidate=candidate");
        }
        arguments.addAll(List.of(properties));
        SpringApplication program = new SpringApplicationBuilder(Countersign.class)
                .initializers(context -> {
                    context.getBeanFactory().registerSingleton("noTests", new NoTests());
                    GenericApplicationContext beans = (GenericApplicationContext) context;
                    beans.registerBean("fleetDeployer", Deployer.class, FleetDeployer::new);
                    beans.registerBean("counted", BeanPostProcessor.class, () -> new BeanPostProcessor() {
                        @Override
                        public Object postProcessAfterInitialization(Object bean, String name) {
                            return bean instanceof DataSource source ? statements.around(source) : bean;
                        }
                    });
                })
                .application();
        application = program.run(arguments.toArray(String[]::new));
        return this;
    }

    /** The classes of tests lie beside the application's, in its own packages. */
    private static final class NoTests extends TypeExcludeFilter {
        @Override
        public boolean match(MetadataReader reader, MetadataReaderFactory factory) throws IOException {
            return reader.getResource().getURL().toString().contains("/test-classes/");
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof NoTests;
        }

        @Override
        public int hashCode() {
            return NoTests.class.hashCode();
        }
    }

    public ConfigurableApplicationContext application() {
        return application;
    }

    public Statements statements() {
        return statements;
    }

    public MeasuredServices measured() {
        return measured;
    }

    public Servers servers() {
        return servers;
    }

    public List<String> services() {
        return services;
    }

    public static String key(String service) {
        return service + "@2.0.0";
    }

    /** Of the version that a service had before, or of its candidate. */
    static String digest(String service, boolean candidate) {
        return "sha256:%s%s".formatted(candidate ? "c" : "b", "%063d".formatted(number(service)));
    }

    private static int number(String service) {
        return Integer.parseInt(service.substring(service.lastIndexOf('-') + 1));
    }

    /** Opens a release of each service as its pipeline does; its process waits for the agreement on criteria. */
    public void open() throws Exception {
        ReleaseOpening opening = application.getBean(ReleaseOpening.class);
        for (String service : services) {
            as("ci", () -> opening.open(request(service)));
        }
        RuntimeService runtime = application.getBean(RuntimeService.class);
        awaitCount("every release waits for its criteria", () -> runtime.createProcessInstanceQuery()
                .processDefinitionKey("release")
                .activityIdIn("agreeCriteria")
                .count());
    }

    /** Brings each release to the first step of its rollout, watched by somebody. */
    public void rollOut() throws Exception {
        RuntimeService runtime = application.getBean(RuntimeService.class);
        JdbcTemplate database = application.getBean(JdbcTemplate.class);
        Dossiers dossiers = application.getBean(Dossiers.class);
        for (ProcessInstance instance : runtime.createProcessInstanceQuery()
                .processDefinitionKey("release")
                .list()) {
            database.update(
                    "insert into release_clearance (release_key, material_digest, granted_at) values (?, ?, current_timestamp)",
                    instance.getBusinessKey(),
                    dossiers.of(instance.getBusinessKey()).digest());
            runtime.createProcessInstanceModification(instance.getId())
                    .startBeforeActivity("rollOut")
                    .cancelAllForActivity("agreeCriteria")
                    .execute();
        }
        answer("acknowledgeWatch", "on-call", Map.of("acknowledged", true));
        answer("confirmCapacity", "sre", Map.of("choice", "confirm", "reason", "As forecast"));
        awaitCount(
                "each is observed",
                () -> Objects.requireNonNull(database.queryForObject(
                        "select count(*) from observation where ended = false and kind = 'step'", Long.class)));
    }

    private void answer(String question, String person, Map<String, Object> fields) throws Exception {
        TaskService tasks = application.getBean(TaskService.class);
        awaitCount(
                question + " is open for each",
                () -> tasks.createTaskQuery().taskDefinitionKey(question).count());
        for (Task task : tasks.createTaskQuery().taskDefinitionKey(question).list()) {
            as(person, () -> {
                tasks.complete(task.getId(), fields);
                return null;
            });
        }
    }

    private void awaitCount(String what, Callable<Long> count) {
        try {
            Awaitility.await(what)
                    .atMost(PATIENCE.plusSeconds(services.size()))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> count.call() == services.size());
        } catch (ConditionTimeoutException stuck) {
            throw new IllegalStateException(what + "? " + whereTheyStand(), stuck);
        }
    }

    private String whereTheyStand() {
        Map<String, Long> places =
                application.getBean(RuntimeService.class).createEventSubscriptionQuery().list().stream()
                        .map(EventSubscription::getActivityId)
                        .collect(Collectors.groupingBy(place -> place, TreeMap::new, Collectors.counting()));
        List<String> open = application.getBean(TaskService.class).createTaskQuery().listPage(0, 10).stream()
                .map(task -> task.getTaskDefinitionKey() + " of " + task.getName())
                .toList();
        List<String> failures =
                application.getBean(ManagementService.class).createJobQuery().withException().listPage(0, 10).stream()
                        .map(Job::getExceptionMessage)
                        .toList();
        return "Messages are awaited at %s, open are %s, jobs failed with %s".formatted(places, open, failures);
    }

    private OpenRelease request(String service) {
        Map<String, Boolean> changes = new TreeMap<>();
        ReleaseOpening.CHANGE_FACTS.forEach(fact -> changes.put(fact, false));
        return new OpenRelease(
                service,
                "2.0.0",
                "standard",
                "Measured",
                "production",
                COMMIT,
                null,
                List.of("developer"),
                List.of(new Release.Artifact("registry.example/" + service, digest(service, true))),
                changes,
                null,
                List.of(),
                null,
                List.of());
    }

    private <T> T as(String person, Callable<T> act) throws Exception {
        IdentityService identity = application.getBean(IdentityService.class);
        identity.setAuthentication(
                person,
                identity.createGroupQuery().groupMember(person).list().stream()
                        .map(Group::getId)
                        .toList());
        try {
            return act.call();
        } finally {
            identity.clearAuthentication();
        }
    }

    /** Rows of each table. */
    public Map<String, Long> rows() {
        JdbcTemplate database = application.getBean(JdbcTemplate.class);
        Map<String, Long> rows = new TreeMap<>();
        for (String table : database.queryForList(
                "select table_name from information_schema.tables where table_schema = 'PUBLIC' and table_type = 'BASE TABLE'",
                String.class)) {
            rows.put(
                    table.toLowerCase(java.util.Locale.ROOT),
                    database.queryForObject("select count(*) from \"" + table + "\"", Long.class));
        }
        return rows;
    }

    private void writeCatalog() throws IOException {
        Path catalog = Files.createDirectories(folder.resolve("catalog"));
        Files.write(
                catalog.resolve("organisation.yaml"),
                new ClassPathResource("sample/catalog/organisation.yaml").getContentAsByteArray());
        for (String service : services) {
            Files.writeString(
                    catalog.resolve(service + ".yaml"),
                    """
                    apiVersion: backstage.io/v1alpha1
                    kind: Component
                    metadata:
                      name: %s
                      annotations:
                        countersign.dev/tier: critical
                        countersign.dev/target: production
                    spec: {type: service, lifecycle: production, owner: team-storefront}
                    """
                            .formatted(service));
        }
        Path capacity = Files.createDirectories(folder.resolve("capacity"));
        for (String service : services) {
            Files.writeString(
                    capacity.resolve(service + ".yaml"),
                    """
                    capacity: %s
                    service: %s
                    replicas: {stable: 4, candidate: 4}
                    resources: [{name: cpu, utilisation: vector(0.3)}]
                    """
                            .formatted(service, service));
        }
    }

    /** Runs every candidate at once. */
    private static final class FleetDeployer implements Deployer {
        private final Map<String, String> candidates = new HashMap<>();

        @Override
        public String name() {
            return "fleet";
        }

        @Override
        public boolean serves(String service) {
            return service.startsWith("service-");
        }

        @Override
        public synchronized void deployCandidate(String service, String version, String digest) {
            candidates.put(service, digest);
        }

        @Override
        public synchronized java.util.Optional<String> candidateDigest(String service) {
            return java.util.Optional.ofNullable(candidates.get(service));
        }

        @Override
        public java.util.Optional<String> stableDigest(String service) {
            return java.util.Optional.of(digest(service, false));
        }

        @Override
        public void promote(String service, String digest) throws IOException {
            throw new IOException("Nothing is promoted here");
        }

        @Override
        public synchronized void withdrawCandidate(String service) {
            candidates.remove(service);
        }
    }

    @Override
    public void close() throws IOException {
        if (application != null) {
            application.close();
        }
        servers.close();
        measured.close();
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException left) {
                    throw new UncheckedIOException(left);
                }
            });
        }
    }
}
