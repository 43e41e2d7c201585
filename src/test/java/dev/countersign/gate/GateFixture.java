package dev.countersign.gate;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.countersign.ReadEachTime;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Rotation;
import dev.countersign.catalog.Service;
import dev.countersign.evidence.Evidence;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.LateEvidence;
import dev.countersign.evidence.RollbackScripts;
import dev.countersign.gate.contract.ConsentDesk;
import dev.countersign.gate.contract.Consents;
import dev.countersign.gate.privacy.ImpactDesk;
import dev.countersign.identity.Actors;
import dev.countersign.identity.NotEntitled;
import dev.countersign.identity.Role;
import dev.countersign.notice.Notices;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.Decisions;
import dev.countersign.workflow.Messages;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.camunda.bpm.dmn.engine.DmnDecision;
import org.camunda.bpm.dmn.engine.DmnEngine;
import org.camunda.bpm.dmn.engine.DmnEngineConfiguration;
import org.camunda.bpm.engine.variable.Variables;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** The module over a database in memory and the real tables, with the release below it set by the test. */
public final class GateFixture {
    public static final String KEY = "checkout@2.0.0";
    private static final DmnEngine DMN =
            DmnEngineConfiguration.createDefaultDmnEngineConfiguration().buildEngine();
    private static final Map<String, DmnDecision> TABLES = new ConcurrentHashMap<>();

    public final Releases releases = mock(Releases.class);
    final Catalog catalog = mock(Catalog.class);
    public final Dossiers dossiers = mock(Dossiers.class);
    public final Timeline timeline = mock(Timeline.class);
    final Messages messages = mock(Messages.class);
    public final Notices notices = mock(Notices.class);
    public final TestActors actors = new TestActors();
    public final TestClock clock = new TestClock();
    final List<Document> documents = new ArrayList<>();
    final List<Object> events = new ArrayList<>();
    final RollbackScripts scripts = mock(RollbackScripts.class);

    {
        when(scripts.isDeclared("checkout")).thenReturn(true);
    }

    final Systems sources = new Systems();
    final GateRepository repository;
    final WaiverRepository waivers;
    final GatePolicy policy;
    final GateEvaluation evaluation;
    public final ConfirmedGates confirmed;
    final StandingGates gates;
    final WaiverDesk desk;
    final GateClearing clearing;
    final GatesClear clear;
    public final JdbcClient jdbc;
    public final Decisions decisions = (policy, decision, facts) -> ask(decision, facts);
    private Release release;
    private String rfc;

    public static final class TestClock extends Clock {
        private Instant now = Instant.parse("2026-11-24T09:00:00Z");

        public void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    public static final class TestActors implements Actors {
        private String person;
        private Set<String> groups;

        @Override
        public String current() {
            return person;
        }

        @Override
        public Set<String> currentGroups() {
            return groups;
        }

        @Override
        public void require(Role... anyOf) {
            if (Arrays.stream(anyOf).noneMatch(this::has)) {
                throw new NotEntitled(person + " has none of " + Arrays.toString(anyOf));
            }
        }
    }

    public GateFixture() {
        var source = new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        new ResourceDatabasePopulator(
                        new ClassPathResource("db/migration/V20__release.sql"),
                        new ClassPathResource("db/migration/V45__gate.sql"),
                        new ClassPathResource("db/migration/V90__gate_reads.sql"),
                        new ClassPathResource("db/migration/V130__gate_confirmation.sql"),
                        new ClassPathResource("db/migration/V140__gate_controls.sql"))
                .execute(source);
        jdbc = JdbcClient.create(source);
        jdbc.sql("insert into release (key_, service, version, attempt, kind, state, state_since, closed, requested_by,"
                        + " environment, commit_, authors, artifacts, changes, depends_on, success_metrics, opened_at)"
                        + " values (?, 'checkout', '2.0.0', 1, 'standard', 'GATES', now(), false, 'release-manager',"
                        + " 'production', '6dcb', '[]', '[]', '{}', '[]', '[]', now())")
                .param(KEY)
                .update();
        ObjectMapper json = new ObjectMapper().registerModule(new JavaTimeModule());
        release("critical", "standard", Map.of());
        repository = new GateRepository(jdbc, new ReadEachTime(), json);
        waivers = new WaiverRepository(jdbc, json, clock);
        policy = new GatePolicy(decisions, catalog);
        target("sandbox");
        evaluation = evaluatedBy(policy);
        confirmed = new ConfirmedGates(jdbc, releases, messages, timeline, clock);
        gates = new StandingGates(releases, policy, repository, waivers, clock);
        desk = new WaiverDesk(releases, gates, evaluation, policy, waivers, dossiers, timeline, actors, clock);
        clearing = new GateClearing(evaluation, confirmed, gates, waivers, releases, timeline);
        clear = new GatesClear(policy, evaluation);
        actor("ci", "ci");
    }

    /** As the application does it, by these tables. */
    GateEvaluation evaluatedBy(GatePolicy by) {
        Consents consents = mock(Consents.class);
        when(consents.apply(any(), any())).thenAnswer(call -> call.getArgument(1));
        return new GateEvaluation(
                releases,
                by,
                repository,
                waivers,
                new ReceivedDocuments(),
                sources,
                new StaticListableBeanFactory().getBeanProvider(LateEvidence.class),
                consents,
                mock(ConsentDesk.class),
                mock(ImpactDesk.class),
                List.of(
                        new ToolAssessment(decisions),
                        new LicenceAssessment(new LicencePolicy(decisions)),
                        new ControlAssessment(new ControlPolicy(decisions, catalog)),
                        new RotationAssessment(
                                new RotationLimits(decisions), new RolloutEnd(decisions, catalog), clock),
                        new ChangeRecordAssessment(new RolloutEnd(decisions, catalog), clock),
                        new DrillAssessment(scripts)),
                dossiers,
                timeline,
                messages,
                actors,
                events::add,
                clock);
    }

    /** @param digest of the script that the release has registered; null for none */
    void scripted(String digest) {
        when(scripts.of(KEY))
                .thenReturn(Optional.ofNullable(digest)
                        .map(one -> new RollbackScripts.RollbackScript(
                                "rollback.sh",
                                one,
                                new RollbackScripts.Procedure("way.md", "sha256:w"),
                                "team",
                                "ci",
                                Instant.EPOCH,
                                null)));
    }

    /** Of the service, by the catalog. */
    public void target(String target) {
        service(target, Map.of());
    }

    /** Of the service, by the catalog. */
    void service(String target, Map<String, String> annotations) {
        var service = new Service(
                "checkout",
                "Checkout",
                "",
                "team-checkout",
                "team-checkout",
                "retail",
                "critical",
                target,
                "on-call",
                false,
                List.of(),
                annotations,
                "checkout.yaml");
        when(catalog.service("checkout")).thenReturn(Optional.of(service));
    }

    /** Whether the service has a file that says what has to be rotated. */
    void declaring(Rotation... rotations) {
        when(catalog.rotationOf("checkout")).thenReturn(List.of(rotations));
    }

    RolloutEnd rolloutEnd() {
        return new RolloutEnd(decisions, catalog);
    }

    public void actor(String person, String... groups) {
        actors.person = person;
        actors.groups = Set.of(groups);
    }

    /** Of the releases from now on. */
    void names(String changeRecord) {
        rfc = changeRecord;
    }

    public Release release(String tier, String kind, Map<String, Boolean> changes) {
        release = new Release(
                KEY,
                "checkout",
                "2.0.0",
                1,
                kind,
                ReleaseState.GATES,
                false,
                tier,
                "team-checkout",
                "release-manager",
                "One-page checkout",
                "production",
                "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                null,
                List.of("developer"),
                List.of(new Release.Artifact("registry.example/checkout", "sha256:" + "a".repeat(64))),
                changesWith(changes),
                null,
                null,
                List.of(),
                rfc,
                List.of(),
                "policy",
                "sha256:dossier",
                clock.instant(),
                clock.instant());
        return released(release);
    }

    Release released(Release now) {
        release = now;
        when(releases.get(KEY)).thenReturn(now);
        when(releases.lock(KEY)).thenReturn(now);
        when(releases.find(KEY)).thenReturn(Optional.of(now));
        return now;
    }

    private static Map<String, Boolean> changesWith(Map<String, Boolean> some) {
        Map<String, Boolean> all = new HashMap<>();
        for (String fact : List.of(
                "externalEndpoints",
                "authentication",
                "personalData",
                "databaseMigration",
                "infrastructure",
                "apiContract")) {
            all.put(fact, some.getOrDefault(fact, false));
        }
        return all;
    }

    static Decisions.Answered ask(String decision, Map<String, Object> facts) {
        var rows = DMN.evaluateDecision(TABLES.computeIfAbsent(decision, GateFixture::parse), Variables.fromMap(facts));
        return new Decisions.Answered(
                decision,
                decision + " 1.0",
                rows.getResultList().stream()
                        .map(row -> Map.copyOf(new LinkedHashMap<>(row)))
                        .toList());
    }

    private static DmnDecision parse(String decision) {
        try (InputStream table = Files.newInputStream(Path.of("processes", decision + ".dmn"))) {
            return DMN.parseDecision(decision, table);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    Document receive(Document document) {
        documents.add(document);
        evaluation.arrived(KEY, document.type());
        return document;
    }

    Document testReport(String source, long passed, long failures, long skipped) {
        List<Finding> findings = new ArrayList<>();
        for (int i = 1; i <= Math.min(failures, 200); i++) {
            findings.add(new Finding("CartTest#case" + i, "failure", "expected 1", "line " + i, List.of("failures")));
        }
        return document(
                "junit",
                source,
                Map.of(
                        "tests",
                        passed + failures + skipped,
                        "passed",
                        passed,
                        "failures",
                        failures,
                        "errors",
                        0L,
                        "skipped",
                        skipped,
                        "flaky",
                        0L,
                        "suiteErrors",
                        0L),
                true,
                passed + failures + skipped == 0 ? "it has no test cases" : null,
                findings);
    }

    Document analysis(String source, long errors, long high, long warnings) {
        List<Finding> findings = new ArrayList<>();
        for (int i = 1; i <= errors; i++) {
            findings.add(new Finding("sql@Cart.java:" + i, "error", "injection", "line " + i, List.of("error")));
        }
        for (int i = 1; i <= high; i++) {
            findings.add(
                    new Finding("xss@Page.java:" + i, "warning, high", "xss", "line " + i, List.of("warning", "high")));
        }
        for (int i = 1; i <= warnings - high; i++) {
            findings.add(new Finding("style@A.java:" + i, "warning", "style", "line " + i, List.of("warning")));
        }
        return document(
                "sarif",
                source,
                Map.of(
                        "results",
                        errors + warnings,
                        "error",
                        errors,
                        "warning",
                        warnings,
                        "critical",
                        0L,
                        "high",
                        high),
                true,
                null,
                findings);
    }

    Document document(
            String type,
            String source,
            Map<String, Object> summary,
            boolean complete,
            String gap,
            List<Finding> findings) {
        return new Document(
                UUID.randomUUID().toString().replace("-", "").repeat(2),
                type,
                source,
                100,
                Map.of("commit", release.commit()),
                "document",
                summary,
                Map.of("suites", Map.of("CartTest", 5), "tools", List.of(source)),
                complete,
                gap,
                findings,
                clock.instant(),
                "ci",
                null);
    }

    Document withDetails(Document of, Map<String, Object> details) {
        return new Document(
                of.sha256(),
                of.type(),
                of.source(),
                of.bytes(),
                of.subject(),
                of.assertedBy(),
                of.summary(),
                details,
                of.complete(),
                of.gap(),
                of.findings(),
                of.receivedAt(),
                of.receivedBy(),
                null);
    }

    /** Systems that hold evidence, as they answered. */
    static final class Systems implements dev.countersign.evidence.EvidenceSources {
        final Map<String, List<Standing>> standing = new LinkedHashMap<>();
        final Map<String, Runnable> systems = new LinkedHashMap<>();
        final List<String> soon = new ArrayList<>();

        @Override
        public boolean any(Release release, java.util.Collection<String> types) {
            return types.stream().anyMatch(systems::containsKey);
        }

        @Override
        public void fetch(String releaseKey, java.util.Collection<String> types) {
            types.stream().filter(systems::containsKey).forEach(type -> systems.get(type)
                    .run());
        }

        @Override
        public void fetchSoon(String releaseKey, java.util.Collection<String> types) {
            soon.addAll(types);
        }

        @Override
        public List<Standing> standing(Release release, java.util.Collection<String> types) {
            return types.stream()
                    .flatMap(type -> standing.getOrDefault(type, List.of()).stream())
                    .toList();
        }
    }

    private final class ReceivedDocuments implements Evidence {
        @Override
        public List<Document> of(String releaseKey) {
            return documents;
        }

        @Override
        public Optional<Document> newest(String releaseKey, String type) {
            return current(releaseKey, type).stream().reduce((earlier, later) -> later);
        }

        @Override
        public List<Document> current(String releaseKey, java.util.Collection<String> types) {
            Map<String, Document> newest = new LinkedHashMap<>();
            documents.stream()
                    .filter(document -> types.contains(document.type()))
                    .forEach(document -> newest.put(document.type() + " " + document.source(), document));
            return List.copyOf(newest.values());
        }

        @Override
        public List<Document> current(String releaseKey, String type) {
            Map<String, Document> bySource = new LinkedHashMap<>();
            documents.stream()
                    .filter(document -> document.type().equals(type))
                    .forEach(document -> bySource.put(document.source(), document));
            return List.copyOf(bySource.values());
        }
    }
}
