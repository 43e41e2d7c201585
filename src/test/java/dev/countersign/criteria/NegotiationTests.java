package dev.countersign.criteria;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyMap;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.countersign.ReadEachTime;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Slo;
import dev.countersign.criteria.Criteria.CriteriaSet;
import dev.countersign.criteria.Criteria.Criterion;
import dev.countersign.criteria.Negotiation.Agreement;
import dev.countersign.identity.Actors;
import dev.countersign.notice.Notices;
import dev.countersign.release.Dossiers;
import dev.countersign.release.HotfixRules;
import dev.countersign.release.Release;
import dev.countersign.release.Release.SuccessMetric;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.Decisions;
import dev.countersign.workflow.TaskRefused;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

@Tag("M1.3")
class NegotiationTests {
    private static final String KEY = "checkout@2.0.0";

    private final Releases releases = mock(Releases.class);
    private final Dossiers dossiers = mock(Dossiers.class);
    private final Timeline timeline = mock(Timeline.class);
    private final Catalog catalog = mock(Catalog.class);
    private final Decisions decisions = mock(Decisions.class);
    private final Actors actors = mock(Actors.class);
    private CriteriaRepository repository;
    private Negotiation negotiation;
    private Positions positions;
    private FrozenCriteria frozen;

    @BeforeEach
    void setUp() {
        var source = new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        new ResourceDatabasePopulator(
                        new ClassPathResource("db/migration/V20__release.sql"),
                        new ClassPathResource("db/migration/V50__criteria.sql"))
                .execute(source);
        JdbcClient jdbc = JdbcClient.create(source);
        jdbc.sql("insert into release (key_, service, version, attempt, kind, state, state_since, closed, requested_by,"
                        + " environment, commit_, authors, artifacts, changes, depends_on, success_metrics, opened_at)"
                        + " values (?, 'checkout', '2.0.0', 1, 'standard', 'CRITERIA', now(), false, 'ci',"
                        + " 'production', '6dcb', '[]', '[]', '{}', '[]', '[]', now())")
                .param(KEY)
                .update();
        is(ReleaseState.CRITERIA);
        when(actors.current()).thenReturn("release-manager");
        when(actors.currentGroups())
                .thenReturn(Set.of(
                        "product",
                        "security",
                        "operations",
                        "head-of-product",
                        "head-of-security",
                        "head-of-operations",
                        "executive",
                        "release-manager"));
        when(catalog.slosOf("checkout"))
                .thenReturn(List.of(
                        new Slo(
                                "checkout-availability",
                                "checkout",
                                "availability",
                                0.995,
                                null,
                                Duration.ofDays(28),
                                "d"),
                        new Slo("checkout-latency", "checkout", "latency", 0.95, 300.0, Duration.ofDays(28), "d")));
        when(decisions.ask(any(), anyString(), anyMap()))
                .thenReturn(new Decisions.Answered(
                        "rollback-triggers",
                        "rollback-triggers 1.0",
                        List.of(Map.of("maxErrorRate", 0.05, "maxLatencyIncreaseMs", 200))));
        Clock clock = Clock.fixed(Instant.parse("2026-11-24T09:00:00Z"), ZoneOffset.UTC);
        var slos = new SloCriteria(release -> catalog.slosOf(release.service()));
        var metrics = new MetricCriteria(decisions, catalog);
        Measurable gates = release -> Map.of("gate:junit", "test results");
        var bindings = new Bindings(List.of(slos, metrics, gates), release -> catalog.slosOf(release.service()));
        repository = new CriteriaRepository(jdbc, new ReadEachTime());
        negotiation = new Negotiation(
                repository,
                slos,
                metrics,
                releases,
                dossiers,
                timeline,
                actors,
                new CriteriaNotices(mock(Notices.class)),
                mock(HotfixRules.class),
                clock);
        positions = new Positions(repository, negotiation, bindings, releases, timeline, actors, clock);
        frozen = new FrozenCriteria(repository);
        negotiation.propose(KEY);
    }

    @Test
    void a_proposal_is_made_of_objectives_triggers_and_success_metrics() {
        assertThat(set().criteria())
                .extracting(Criterion::binding, Criterion::limit)
                .containsExactly(
                        tuple("slo:checkout-availability", ">= 99.5 %"),
                        tuple("slo:checkout-latency", ">= 95 %"),
                        tuple("metric:errorRate", "<= 5 %"),
                        tuple("metric:latencyIncrease", "<= 200 ms"),
                        tuple("metric:conversion", ">= 0.031"));
    }

    @Test
    void a_repeated_proposal_changes_nothing() {
        negotiation.propose(KEY);
        assertThat(repository.all(KEY)).hasSize(1);
    }

    @Test
    void criteria_are_frozen_once_all_three_agree() {
        agree("product");
        agree("security");
        assertThat(negotiation.missing(KEY)).containsExactly("operations");
        assertThatThrownBy(() -> negotiation.freeze(KEY))
                .isInstanceOf(StateConflict.class)
                .hasMessageContaining("missing operations");
        assertThat(frozen.missing(release(ReleaseState.REVIEW), "any")).isNotEmpty();
        assertThat(frozen.of(release(ReleaseState.CRITERIA))).isEmpty();

        agree("operations");
        assertThat(negotiation.weigh(KEY)).isEqualTo(Agreement.AGREED);
        negotiation.freeze(KEY);
        negotiation.freeze(KEY);

        assertThat(frozen.agreed(KEY)).isTrue();
        assertThat(frozen.missing(release(ReleaseState.REVIEW), "any")).isEmpty();
        assertThat(frozen.of(release(ReleaseState.CRITERIA))).containsOnlyKeys("criteria");
        verify(dossiers).changed(KEY, "acceptance criteria agreed");
    }

    @Test
    void a_counter_proposal_makes_a_new_version_that_all_have_to_agree_to() {
        agree("product");
        agree("security");
        counter("operations", new Counter(3, false, "Errors", "metric:errorRate", "<= 2 %", "five is too many"));
        assertThat(negotiation.weigh(KEY)).isEqualTo(Agreement.NEW_ROUND);

        negotiation.adoptAll(KEY);

        assertThat(set().version()).isEqualTo(2);
        assertThat(set().criteria().get(2).limit()).isEqualTo("<= 2 %");
        assertThat(set().criteria().get(2).before()).contains("<= 5 %");
        assertThat(set().criteria().get(0).before()).isNull();
        assertThat(negotiation.missing(KEY)).containsExactly("product", "security", "operations");
    }

    @Test
    void a_criterion_can_be_dropped_and_another_added() {
        counter("security", new Counter(5, true, "x", "metric:conversion", ">= 1", "not ours to promise"));
        counter("product", new Counter(null, false, "Unit tests pass", "gate:junit", "PASS", "missing"));
        negotiation.adoptAll(KEY);
        assertThat(set().criteria())
                .extracting(Criterion::binding)
                .doesNotContain("metric:conversion")
                .endsWith("gate:junit");
    }

    @Test
    void contradicting_counter_proposals_go_to_a_person() {
        counter("operations", new Counter(3, false, "Errors", "metric:errorRate", "<= 2 %", "too many"));
        counter("product", new Counter(3, false, "Errors", "metric:errorRate", "<= 8 %", "too few"));
        agree("security");
        assertThat(negotiation.weigh(KEY)).isEqualTo(Agreement.STUCK);
        assertThatThrownBy(() -> negotiation.adoptAll(KEY)).isInstanceOf(StateConflict.class);

        List<Long> ids = set().counterProposals().stream()
                .map(Criteria.CounterProposal::id)
                .toList();
        assertThatThrownBy(() -> positions.settle(KEY, "release-manager", "both talked", ids))
                .isInstanceOf(TaskRefused.class);
        positions.settle(KEY, "release-manager", "both talked", ids.subList(0, 1));

        assertThat(set().criteria().get(2).limit()).isEqualTo("<= 2 %");
        assertThat(positions.wasSettled(KEY)).isTrue();
    }

    @Test
    void rounds_come_to_an_end() {
        for (int round = 1; round < Negotiation.ROUNDS; round++) {
            counter("operations", new Counter(3, false, "Errors " + round, "metric:errorRate", "<= 2 %", "again"));
            assertThat(negotiation.weigh(KEY)).isEqualTo(Agreement.NEW_ROUND);
            negotiation.adoptAll(KEY);
        }
        counter("operations", new Counter(3, false, "Errors", "metric:errorRate", "<= 1 %", "again"));
        assertThat(negotiation.weigh(KEY)).isEqualTo(Agreement.STUCK);
    }

    @Test
    void silence_agrees_to_nothing() {
        negotiation.refuse(KEY);
        assertThat(set().status()).isEqualTo("REFUSED");
        assertThat(set().settledBy()).isEqualTo("not agreed at the last deadline");
        assertThat(frozen.agreed(KEY)).isFalse();
    }

    @Test
    void the_heads_decide_only_together() {
        decide("head-of-product", true);
        decide("head-of-security", true);
        assertThat(negotiation.headsAccept(KEY)).isFalse();
        decide("head-of-operations", true);
        assertThat(negotiation.headsAccept(KEY)).isTrue();
        negotiation.freeze(KEY);
        assertThat(set().settledBy()).contains("head-of-operations");
    }

    @Test
    void the_executive_has_the_last_word() {
        decide("head-of-product", false);
        decide("executive", true);
        negotiation.freeze(KEY);
        assertThat(set().settledBy()).isEqualTo("accepted by the accountable executive");
    }

    @Test
    void whoever_saw_another_version_is_refused() {
        String seen = set().digest();
        negotiation.change(KEY, List.of(new Draft("Tests", "gate:junit", "PASS", "manager", null)), "too much");
        assertThatThrownBy(() -> positions.agree(KEY, "product", "product", seen, null))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("version 2");
    }

    @Test
    void nobody_speaks_for_a_party_whose_group_they_are_not_in_whatever_the_model_says() {
        String seen = set().digest();
        when(actors.currentGroups()).thenReturn(Set.of("process-owner"));

        assertThatThrownBy(() -> positions.agree(KEY, "security", "process-owner", seen, null))
                .isInstanceOf(TaskRefused.class)
                .hasMessage("process-owner is not in the group security and cannot speak for it");
        assertThatThrownBy(() -> positions.counter(KEY, "security", "process-owner", seen, List.of()))
                .hasMessageContaining("is not in the group security");
        assertThatThrownBy(() -> positions.decide(KEY, "executive", "process-owner", seen, true, "because"))
                .hasMessageContaining("is not in the group executive");
        assertThatThrownBy(() -> positions.settle(KEY, "process-owner", "facts", List.of()))
                .hasMessageContaining("is not in the group release-manager");
        assertThat(set().positions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"developer", "ci"})
    void an_author_or_requester_speaks_for_nobody(String person) {
        String seen = set().digest();
        assertThatThrownBy(() -> positions.agree(KEY, "product", person, seen, null))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("wrote or requested");
    }

    @Test
    void one_person_speaks_for_one_party_and_once() {
        agree("product");
        String seen = set().digest();
        assertThatThrownBy(() -> positions.agree(KEY, "security", "product", seen, null))
                .hasMessageContaining("one person speaks for one party");
        assertThatThrownBy(() -> positions.agree(KEY, "product", "product-2", seen, null))
                .hasMessageContaining("has spoken for product already");
    }

    @ParameterizedTest
    @CsvSource({
        "gate:unknown, PASS, Nothing measures",
        "gate:junit, >= 1, limit of gate:junit is PASS",
        "metric:errorRate, low, is no limit",
        "slo:checkout-availability, >= 99 %, looser than the service's own objective"
    })
    void a_criterion_that_cannot_be_checked_is_refused(String binding, String limit, String why) {
        assertThatThrownBy(() -> counter("product", new Counter(1, false, "t", binding, limit, "reason")))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining(why);
    }

    @Test
    void a_stricter_objective_may_be_agreed() {
        counter("product", new Counter(1, false, "t", "slo:checkout-availability", ">= 99.9 %", "reason"));
        assertThat(set().counterProposals()).hasSize(1);
    }

    @Test
    void a_change_after_the_agreement_opens_it_again() {
        Party.all().forEach(this::agree);
        negotiation.freeze(KEY);
        is(ReleaseState.REVIEW);

        negotiation.change(KEY, List.of(new Draft("Tests", "gate:junit", "PASS", "manager", null)), "scope changed");

        assertThat(frozen.agreed(KEY)).isFalse();
        assertThat(frozen.of(release(ReleaseState.REVIEW))).isEmpty();
        assertThat(negotiation.missing(KEY)).hasSize(3);
        verify(dossiers).changed(KEY, "acceptance criteria changed: scope changed");
        assertThat(repository.all(KEY)).extracting(CriteriaSet::status).containsExactly("SUPERSEDED", "PROPOSED");
    }

    @ParameterizedTest
    @EnumSource(
            value = ReleaseState.class,
            names = {"CRITERIA", "GATES", "REVIEW", "SCHEDULED"},
            mode = EnumSource.Mode.EXCLUDE)
    void nothing_changes_once_users_are_on_the_candidate_or_it_is_over(ReleaseState state) {
        is(state);
        assertThatThrownBy(() -> negotiation.change(KEY, List.of(), "late")).isInstanceOf(StateConflict.class);
        verify(dossiers, never()).changed(any(), any());
    }

    private CriteriaSet set() {
        return repository.newest(KEY).orElseThrow();
    }

    private void agree(String party) {
        positions.agree(KEY, party, party, set().digest(), null);
    }

    private void counter(String party, Counter counter) {
        positions.counter(KEY, party, party, set().digest(), List.of(counter));
    }

    private void decide(String authority, boolean accepted) {
        positions.decide(KEY, authority, authority, set().digest(), accepted, "because");
    }

    private void is(ReleaseState state) {
        Release release = release(state);
        when(releases.get(KEY)).thenReturn(release);
        when(releases.lock(KEY)).thenReturn(release);
        when(releases.find(KEY)).thenReturn(Optional.of(release));
    }

    private static Release release(ReleaseState state) {
        Instant opened = Instant.parse("2026-11-24T08:00:00Z");
        return new Release(
                KEY,
                "checkout",
                "2.0.0",
                1,
                "standard",
                state,
                false,
                "critical",
                "team-checkout",
                "ci",
                "One page",
                "production",
                "6dcb",
                opened,
                List.of("developer"),
                List.of(),
                Map.of(),
                null,
                null,
                List.of(),
                null,
                List.of(new SuccessMetric("conversion", 0.031, "increase")),
                "policy-1",
                null,
                opened,
                opened);
    }
}
