package dev.countersign.learning.leadtime;

import static dev.countersign.learning.leadtime.ForgeTests.BASE;
import static dev.countersign.learning.leadtime.ForgeTests.HEAD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.testhelper.ManualScheduler;
import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import com.github.kagkarlsson.scheduler.testhelper.TestHelper;
import dev.countersign.TestDatabase;
import dev.countersign.catalog.Catalog;
import dev.countersign.evidence.AskedReleases;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.VendorServer;
import dev.countersign.learning.leadtime.LeadTimeParts.ChangePart;
import dev.countersign.learning.leadtime.LeadTimeParts.Figure;
import dev.countersign.learning.leadtime.LeadTimeParts.Summary;
import dev.countersign.learning.leadtime.LeadTimeTask.Wish;
import dev.countersign.learning.leadtime.Looked.Outcome;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.StateChanged;
import dev.countersign.release.Timeline;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.unit.DataSize;

/** From a stable release to the stored parts of its changes: a database, the scheduler's own tasks, and GitHub's answers over a connection. */
@Tag("M7.5")
@Tag("database")
class CollectingTests {
    private static final String KEY = "checkout@2.0.0";
    private static final String FEATURE = "2222222222222222222222222222222222222222";
    private static final String DIRECT = "3333333333333333333333333333333333333333";
    private static final String REPO = "/repos/acme/checkout";
    private static final Instant ROLLED_OUT = Instant.parse("2026-03-03T10:00:00Z");
    private static final Instant STABLE = Instant.parse("2026-03-03T10:30:00Z");

    private final DataSource database = TestDatabase.with("V10__audit.sql", "V20__release.sql", "V275__lead_time.sql");
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final VendorServer server = new VendorServer();
    private final Clock clock = Clock.systemUTC();
    private final Releases releases = mock(Releases.class);
    private final Timeline timeline = mock(Timeline.class);
    private final LeadTimeStore store = new LeadTimeStore(jdbc);
    private final LeadTimeParts parts = new LeadTimeParts(store);
    private final SettableClock time = new SettableClock();
    private final List<Release> stable = new ArrayList<>();
    private Catalog catalog = AskedReleases.catalog(Map.of("github.com/project-slug", "acme/checkout"));
    private ManualScheduler scheduler;
    private LeadTimeTask task;

    @BeforeEach
    void aStableRelease() {
        stable.add(release("checkout@1.0.0", BASE, Instant.parse("2026-02-01T10:00:00Z")));
        stable.add(release(KEY, HEAD, STABLE));
        when(releases.list(any())).thenAnswer(call -> List.copyOf(stable));
        when(timeline.of(KEY))
                .thenReturn(List.of(
                        entry(ROLLED_OUT.minusSeconds(3_600), "ROLLING_OUT"),
                        entry(ROLLED_OUT, "STABILISING"),
                        entry(STABLE, "STABLE")));
        configured(new GithubChanges(ForgeTests.properties(server.url()), clock));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private void configured(ChangeSource source) {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        if (source != null) {
            beans.addBean("github", source);
        }
        ChangeSources sources = new ChangeSources(beans.getBeanProvider(ChangeSource.class), catalog);
        Collecting collecting =
                new Collecting(sources, ForgeTests.properties(server.url()), releases, timeline, store, clock);
        beans.addBean("collecting", collecting);
        scheduler = TestHelper.createManualScheduler(
                        database,
                        List.of(new LeadTimeTask.Task().leadTimeOfChanges(beans.getBeanProvider(Collecting.class))))
                .clock(time)
                .build();
        beans.addBean("scheduler", scheduler);
        ObjectProvider<SchedulerClient> client = beans.getBeanProvider(SchedulerClient.class);
        task = new LeadTimeTask(sources, releases, store, client, clock);
    }

    private Release release(String key, String commit, Instant since) {
        jdbc.sql("insert into release (key_, service, version, attempt, kind, state, state_since, closed, requested_by,"
                        + " environment, commit_, authors, artifacts, changes, depends_on, success_metrics, opened_at)"
                        + " values (?, 'checkout', '2.0.0', 1, 'standard', 'STABLE', current_timestamp, false, 'ci',"
                        + " 'production', ?, '[]', '[]', '{}', '[]', '[]', ?)")
                .params(key, commit, since.atOffset(ZoneOffset.UTC))
                .update();
        Release release = mock(Release.class);
        when(release.key()).thenReturn(key);
        when(release.service()).thenReturn("checkout");
        when(release.environment()).thenReturn("production");
        when(release.state()).thenReturn(ReleaseState.STABLE);
        when(release.commit()).thenReturn(commit);
        when(release.stateSince()).thenReturn(since);
        when(releases.get(key)).thenReturn(release);
        return release;
    }

    private static Timeline.Entry entry(Instant at, String to) {
        return new Timeline.Entry(1, at, "state.entered", "countersign", "→ " + to, Map.of("to", to));
    }

    /** Of three commits: one of a pull request, its merge, and one that nobody proposed. */
    private void githubAnswers() {
        server.json(
                REPO + "/compare/" + BASE + "..." + HEAD,
                "{\"base_commit\":{\"sha\":\"%s\"},\"total_commits\":3,\"commits\":[{\"sha\":\"%s\"},{\"sha\":\"%s\"},{\"sha\":\"%s\"}]}"
                        .formatted(BASE, DIRECT, FEATURE, HEAD));
        server.json(REPO + "/commits/" + DIRECT + "/pulls", "[]");
        server.json(
                REPO + "/commits/" + HEAD + "/pulls",
                "[%s,%s]".formatted(pull(7, HEAD), pull(8, "4444444444444444444444444444444444444444")));
        server.json(REPO + "/commits/" + FEATURE + "/pulls", "[%s]".formatted(pull(7, HEAD)));
        server.json(
                REPO + "/pulls/7/commits",
                "[{\"sha\":\"%s\",\"commit\":{\"author\":{\"date\":\"2026-03-02T08:00:00Z\"}}}]".formatted(FEATURE));
        server.json(
                REPO + "/pulls/7/reviews",
                "[{\"id\":1,\"user\":{\"login\":\"grace\",\"type\":\"User\"},\"submitted_at\":\"2026-03-02T13:30:00Z\"}]");
        server.json(REPO + "/pulls/7/comments", "[]");
        server.json(REPO + "/issues/7/comments", "[]");
    }

    private static String pull(int number, String merge) {
        return ("{\"number\":%d,\"html_url\":\"https://github.example/acme/checkout/pull/%d\",\"user\":{\"login\":\"ada\"},"
                        + "\"created_at\":\"2026-03-02T12:00:00Z\",\"merged_at\":\"2026-03-03T09:00:00Z\",\"merge_commit_sha\":\"%s\"}")
                .formatted(number, number, merge);
    }

    private void becomesStable() {
        task.on(new StateChanged(KEY, ReleaseState.STABILISING, ReleaseState.STABLE));
    }

    private void runs() {
        runsLater(Duration.ZERO);
    }

    private void runsLater(Duration by) {
        time.set(Instant.now().plus(Duration.ofDays(3)).plus(by));
        scheduler.runAnyDueExecutions();
    }

    private Looked looked() {
        return store.of(List.of(KEY)).get(0).looked();
    }

    private long tasks() {
        return jdbc.sql("select count(*) from scheduled_tasks")
                .query(Long.class)
                .single();
    }

    @Test
    void the_changes_of_a_stable_release_are_asked_for_and_their_parts_kept() {
        githubAnswers();
        becomesStable();
        assertThat(looked().outcome()).isEqualTo(Outcome.AWAITED);
        assertThat(server.calls)
                .as("nobody is asked while the release becomes stable")
                .isEmpty();
        runs();
        Summary summary = parts.of(List.of(KEY));
        ChangePart change = summary.changes().get(0);
        assertThat(summary.changes()).hasSize(1);
        assertThat(change.number()).isEqualTo("7");
        assertThat(change.repository()).isEqualTo("acme/checkout");
        assertThat(change.url()).isEqualTo("https://github.example/acme/checkout/pull/7");
        assertThat(change.parts())
                .isEqualTo(new Parts(
                        Duration.ofHours(4),
                        Duration.ofMinutes(90),
                        Duration.ofMinutes(19 * 60 + 30),
                        Duration.ofHours(1),
                        Duration.ofHours(26)));
        assertThat(change.deployedAt()).isEqualTo(ROLLED_OUT);
        assertThat(summary.deploy()).isEqualTo(new Figure(Duration.ofHours(1), 1));
        assertThat(List.of(summary.known(), summary.notKnown())).containsExactly(1, 0);
        assertThat(looked().base()).isEqualTo(BASE);
        assertThat(tasks()).isZero();
    }

    @Test
    void a_change_that_was_merged_into_the_branch_of_another_one_counts_beside_it() {
        githubAnswers();
        // Squashed: what it became looks like any other commit of the pull request that brought it.
        server.json(REPO + "/commits/" + FEATURE + "/pulls", "[%s,%s]".formatted(pull(7, HEAD), pull(9, FEATURE)));
        for (String list : List.of("/pulls/9/commits", "/pulls/9/reviews", "/pulls/9/comments", "/issues/9/comments")) {
            server.json(REPO + list, "[]");
        }
        becomesStable();
        runs();
        assertThat(looked().outcome()).isEqualTo(Outcome.KNOWN);
        assertThat(parts.of(List.of(KEY)).changes())
                .extracting(ChangePart::number)
                .containsExactly("7", "9");
    }

    @Test
    void a_release_that_had_to_be_cleared_again_was_deployed_when_all_traffic_was_on_it_for_the_last_time() {
        githubAnswers();
        when(timeline.of(KEY))
                .thenReturn(List.of(
                        entry(ROLLED_OUT.minus(Duration.ofDays(2)), "STABILISING"),
                        entry(ROLLED_OUT.minus(Duration.ofDays(1)), "CRITERIA"),
                        entry(ROLLED_OUT.minusSeconds(3_600), "ROLLING_OUT"),
                        entry(ROLLED_OUT, "STABILISING"),
                        entry(STABLE, "STABLE")));
        becomesStable();
        runs();
        assertThat(parts.of(List.of(KEY)).changes())
                .extracting(ChangePart::deployedAt)
                .containsExactly(ROLLED_OUT);
    }

    @Test
    void asking_again_changes_nothing() throws Exception {
        githubAnswers();
        becomesStable();
        runs();
        Summary once = parts.of(List.of(KEY));
        task.on(new StateChanged(KEY, ReleaseState.STABILISING, ReleaseState.STABILISING));
        assertThat(tasks()).isZero();
        // As after a crash between the answer and the end of the task.
        scheduler.scheduleIfNotExists(
                LeadTimeTask.ASK.instance(KEY).data(new Wish(KEY, 0)).scheduledTo(Instant.now()));
        runs();
        assertThat(parts.of(List.of(KEY))).isEqualTo(once);
    }

    @Test
    void a_system_that_is_down_is_asked_again_and_in_the_end_it_is_said_that_nothing_is_known() {
        String compare = REPO + "/compare/" + BASE + "..." + HEAD;
        server.reply(compare, 503, Map.of(), "{}".getBytes(StandardCharsets.UTF_8));
        becomesStable();
        for (int tries = 1; tries < Collecting.TRIES; tries++) {
            runs();
            assertThat(looked().outcome()).isEqualTo(Outcome.AWAITED);
            assertThat(looked().reason()).contains("it answered 503");
            assertThat(tasks()).isEqualTo(1);
        }
        runs();
        assertThat(looked().outcome()).isEqualTo(Outcome.NOT_KNOWN);
        assertThat(looked().reason()).contains("it answered 503");
        assertThat(tasks()).isZero();
        assertThat(server.calls).hasSize(Collecting.TRIES);
        assertThat(parts.of(List.of(KEY)).notKnown()).isEqualTo(1);
    }

    @Test
    void what_fails_unexpectedly_is_tried_again_and_then_said_to_be_not_known() {
        when(timeline.of(KEY)).thenThrow(new IllegalStateException("unexpected"));
        becomesStable();
        for (int tries = 0; tries <= Collecting.TRIES; tries++) {
            assertThat(looked().outcome()).isEqualTo(Outcome.AWAITED);
            runsLater(Duration.ofDays(60L * tries));
        }
        assertThat(tasks()).isZero();
        assertThat(looked().outcome()).isEqualTo(Outcome.NOT_KNOWN);
        assertThat(looked().reason()).isEqualTo("asking failed again and again");
    }

    @Test
    void a_token_that_cannot_be_read_is_said() {
        ChangesProperties.Forge forge = new ChangesProperties.Forge(
                server.url(), null, Path.of("no-such-token"), Duration.ofSeconds(5), DataSize.ofMegabytes(1));
        configured(new GithubChanges(new ChangesProperties(forge, null, 6, 3, Duration.ofMinutes(2)), clock));
        becomesStable();
        runs();
        assertThat(looked().outcome()).isEqualTo(Outcome.AWAITED);
        assertThat(looked().reason()).isEqualTo("The file of a secret cannot be read");
        assertThat(server.calls).isEmpty();
    }

    @Test
    void what_is_configured_no_more_is_not_awaited_any_longer() {
        becomesStable();
        configured(null);
        runs();
        assertThat(looked().outcome()).isEqualTo(Outcome.NOT_KNOWN);
        assertThat(looked().reason()).contains("configured any more");
        assertThat(tasks()).isZero();
    }

    @Test
    void a_change_that_several_releases_brought_counts_once_with_the_first_of_them() {
        githubAnswers();
        becomesStable();
        runs();
        Looked known = looked();
        Change same =
                new Change("7", "7", "acme/checkout", null, ROLLED_OUT, ROLLED_OUT, HEAD, null, List.of(), List.of());
        release("admin@2.0.0", HEAD, STABLE);
        store.keep(
                new Looked(
                        "admin@2.0.0",
                        Outcome.KNOWN,
                        null,
                        known.source(),
                        known.repository(),
                        BASE,
                        ROLLED_OUT.minusSeconds(60),
                        STABLE),
                List.of(new LeadTime.Measured(
                        same, null, store.of(List.of(KEY)).get(0).moments())));
        Summary both = parts.of(List.of(KEY, "admin@2.0.0"));
        assertThat(both.changes()).extracting(ChangePart::releaseKey).containsExactly("admin@2.0.0");
        assertThat(both.deploy()).isEqualTo(new Figure(Duration.ofMinutes(59), 1));
        assertThat(both.known()).isEqualTo(2);
        assertThat(parts.of(List.of(KEY)).changes())
                .extracting(ChangePart::releaseKey)
                .containsExactly(KEY);
        store.keep(
                known.since(BASE, ROLLED_OUT.minusSeconds(120)),
                List.of(new LeadTime.Measured(
                        same, null, store.of(List.of(KEY)).get(0).moments())));
        assertThat(parts.of(List.of(KEY, "admin@2.0.0")).changes())
                .extracting(ChangePart::releaseKey)
                .containsExactly(KEY);
    }

    @Test
    void a_system_that_is_back_is_believed() {
        becomesStable();
        runs();
        assertThat(looked().outcome()).isEqualTo(Outcome.AWAITED);
        githubAnswers();
        runs();
        assertThat(looked().outcome()).isEqualTo(Outcome.KNOWN);
        assertThat(looked().reason()).isNull();
    }

    @Test
    void it_is_left_alone_for_as_long_as_it_wants() throws Exception {
        server.reply(
                REPO + "/compare/" + BASE + "..." + HEAD,
                429,
                Map.of("Retry-After", "3600"),
                "{}".getBytes(StandardCharsets.UTF_8));
        becomesStable();
        scheduler.runAnyDueExecutions();
        runs();
        assertThat(jdbc.sql("select execution_time from scheduled_tasks")
                        .query(OffsetDateTime.class)
                        .single()
                        .toInstant())
                .isAfter(Instant.now().plusSeconds(3_500));
    }

    @Test
    void of_a_service_that_was_never_stable_before_nothing_is_known() {
        stable.remove(0);
        becomesStable();
        runs();
        assertThat(looked().outcome()).isEqualTo(Outcome.NOT_KNOWN);
        assertThat(looked().reason()).contains("no release of the service was stable before it");
        assertThat(server.calls).isEmpty();
    }

    @Test
    void what_became_stable_after_it_is_not_what_it_is_compared_with() {
        githubAnswers();
        stable.add(release("checkout@3.0.0", FEATURE, STABLE.plusSeconds(60)));
        stable.add(release("checkout@0.9.0", DIRECT, Instant.parse("2026-01-01T10:00:00Z")));
        becomesStable();
        runs();
        assertThat(looked().base()).isEqualTo(BASE);
        assertThat(looked().outcome()).isEqualTo(Outcome.KNOWN);
    }

    @Test
    void a_release_of_more_commits_than_are_looked_at_is_not_asked_for_again() {
        String commits = IntStream.range(0, 7)
                .mapToObj(number -> "{\"sha\":\"" + (number == 6 ? HEAD : "%040x".formatted(0xabc000 + number)) + "\"}")
                .reduce((one, other) -> one + "," + other)
                .orElseThrow();
        server.json(
                REPO + "/compare/" + BASE + "..." + HEAD,
                "{\"base_commit\":{\"sha\":\"%s\"},\"total_commits\":7,\"commits\":[%s]}".formatted(BASE, commits));
        becomesStable();
        runs();
        assertThat(looked().outcome()).isEqualTo(Outcome.NOT_KNOWN);
        assertThat(looked().reason()).contains("the release has 7 commits, and at most 6");
        assertThat(tasks()).isZero();
    }

    @Test
    void a_release_of_more_changes_than_are_looked_at_is_not_known_in_part() {
        githubAnswers();
        server.json(
                REPO + "/commits/" + HEAD + "/pulls",
                Stream.of(7, 8, 9, 10)
                        .map(number -> pull(number, HEAD))
                        .toList()
                        .toString());
        for (int number : new int[] {8, 9}) {
            for (String list :
                    List.of("/pulls/%d/commits", "/pulls/%d/reviews", "/pulls/%d/comments", "/issues/%d/comments")) {
                server.json(REPO + list.formatted(number), "[]");
            }
        }
        becomesStable();
        runs();
        assertThat(looked().outcome()).isEqualTo(Outcome.NOT_KNOWN);
        assertThat(looked().reason()).contains("the release has more than 3 changes");
        assertThat(parts.of(List.of(KEY)).changes()).isEmpty();
    }

    @Test
    void nothing_is_read_or_written_where_no_system_is_configured() {
        configured(null);
        becomesStable();
        verifyNoInteractions(releases);
        assertThat(tasks()).isZero();
        assertThat(store.of(List.of(KEY))).isEmpty();
    }

    @Test
    void nothing_is_written_for_a_service_that_names_no_repository() {
        catalog = AskedReleases.catalog(Map.of());
        configured(new GithubChanges(ForgeTests.properties(server.url()), clock));
        becomesStable();
        verify(releases).get(KEY);
        assertThat(tasks()).isZero();
        assertThat(store.of(List.of(KEY))).isEmpty();
    }

    @Test
    void the_parts_of_more_than_a_thousand_releases_are_found_and_of_none_nothing_is_asked() {
        githubAnswers();
        becomesStable();
        runs();
        List<String> keys = Stream.concat(
                        IntStream.range(0, 2_500).mapToObj(number -> "other@" + number), Stream.of(KEY, KEY))
                .toList();
        assertThat(parts.of(keys).changes()).hasSize(1);
        assertThat(new LeadTimeParts(new LeadTimeStore(null)).of(List.of()).cycle())
                .isEqualTo(new Figure(null, 0));
    }

    @Test
    void one_slow_system_holds_one_thread_of_the_scheduler_and_no_more() throws Exception {
        Collecting collecting = mock(Collecting.class);
        StaticListableBeanFactory beans = new StaticListableBeanFactory(Map.of("collecting", collecting));
        CustomTask<Wish> asking = new LeadTimeTask.Task().leadTimeOfChanges(beans.getBeanProvider(Collecting.class));
        List<CompletionHandler<Wish>> meanwhile = new ArrayList<>();
        when(collecting.collect(KEY, 0)).thenAnswer(call -> {
            meanwhile.add(asking.execute(
                    LeadTimeTask.ASK.instance("b").data(new Wish("b", 3)).build(), null));
            return Optional.empty();
        });
        assertThat(asking.execute(
                        LeadTimeTask.ASK.instance(KEY).data(new Wish(KEY, 0)).build(), null))
                .isInstanceOf(CompletionHandler.OnCompleteRemove.class);
        assertThat(meanwhile).singleElement().isNotInstanceOf(CompletionHandler.OnCompleteRemove.class);
        verify(collecting, never()).collect(eq("b"), anyInt());
        asking.execute(LeadTimeTask.ASK.instance("b").data(new Wish("b", 3)).build(), null);
        verify(collecting).collect("b", 3);
    }

    @Test
    void answers_that_take_too_long_in_all_are_none() throws Exception {
        githubAnswers();
        Clock slow = mock(Clock.class);
        when(slow.instant()).thenReturn(STABLE, STABLE, STABLE.plus(Duration.ofMinutes(3)));
        ChangesProperties properties = ForgeTests.properties(server.url());
        ChangeSources.Located at = new ChangeSources.Located(new GithubChanges(properties, clock), "acme/checkout");
        assertThatThrownBy(() -> new ChangeWalk(properties, slow).since(BASE, HEAD, at))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessageContaining("took longer than PT2M");
    }
}
