package dev.countersign.learning.leadtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.catalog.Service;
import dev.countersign.evidence.AskedReleases;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.VendorServer;
import dev.countersign.learning.leadtime.Change.Commit;
import dev.countersign.learning.leadtime.Change.Remark;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.util.unit.DataSize;

/** Answers of GitHub and GitLab in the formats that they document, over a real connection. */
@Tag("M7.5")
@Tag("M8.6")
class ForgeTests {
    static final String BASE = "1111111111111111111111111111111111111111";
    static final String HEAD = "9999999999999999999999999999999999999999";
    private static final String FIRST = "2222222222222222222222222222222222222222";
    private static final String GITHUB = "/repos/acme/checkout";
    private static final String GITLAB = "/api/v4/projects/acme%2Fshop%2Fcheckout";

    private final VendorServer server = new VendorServer();
    private final ChangeSource github = new GithubChanges(properties(server.url()), Clock.systemUTC());
    private final ChangeSource gitlab = new GitlabChanges(properties(server.url()), Clock.systemUTC());

    @AfterEach
    void close() {
        server.close();
    }

    static ChangesProperties properties(URI url) {
        ChangesProperties.Forge forge = new ChangesProperties.Forge(
                url, "token-of-the-forge", null, Duration.ofSeconds(5), DataSize.ofKilobytes(200));
        return new ChangesProperties(forge, forge, 6, 3, Duration.ofMinutes(2));
    }

    private static String sha(int number) {
        return "%040x".formatted(number + 0xabc000);
    }

    private static String comparison(String base, int total, String... commits) {
        return "{\"base_commit\":{\"sha\":\"%s\"},\"status\":\"ahead\",\"total_commits\":%d,\"commits\":[%s],\"files\":[]}"
                .formatted(
                        base,
                        total,
                        String.join(
                                ",",
                                List.of(commits).stream()
                                        .map(sha -> "{\"sha\":\"" + sha + "\"}")
                                        .toList()));
    }

    // GitHub

    @Test
    void github_is_asked_for_every_page_of_a_comparison() throws Exception {
        List<String> all = new ArrayList<>(
                IntStream.range(0, 130).mapToObj(ForgeTests::sha).toList());
        all.add(HEAD);
        String compare = GITHUB + "/compare/" + BASE + "..." + HEAD;
        server.json(
                compare + "?per_page=100&page=1",
                comparison(BASE, 131, all.subList(0, 100).toArray(String[]::new)));
        server.json(
                compare + "?per_page=100&page=2",
                comparison(BASE, 131, all.subList(100, 131).toArray(String[]::new)));
        assertThat(github.commits("acme/checkout", BASE, HEAD)).isEqualTo(all);
        assertThat(server.calls).hasSize(2).allMatch(call -> call.endsWith(" Bearer token-of-the-forge"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {"base_commit":{"sha":"3333333333"},"total_commits":0,"commits":[]}                                                       | another commit
            {"base_commit":{"sha":"1111111111111111111111111111111111111111"},"total_commits":2,"commits":[]}                        | 0 of 2
            {"base_commit":{"sha":"1111111111111111111111111111111111111111"},"commits":[]}                                          | 0 of -1
            {"base_commit":{"sha":"1111111111111111111111111111111111111111"},"total_commits":1,"commits":[{}]}                      | without its id
            {"base_commit":{"sha":"1111111111111111111111111111111111111111"},"total_commits":1,"commits":[{"sha":"3333333333"}]}    | does not hold commit 9999
            {"base_commit":{"sha":"1111111111111111111111111111111111111111"},"total_commits":0}                                     | no list of commits
            """)
    void a_comparison_that_is_not_the_whole_one_that_was_asked_for_is_none(String answer, String why) {
        server.json(GITHUB + "/compare/" + BASE + "..." + HEAD, answer);
        assertThatThrownBy(() -> github.commits("acme/checkout", BASE, HEAD))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessageContaining(why);
    }

    @Test
    void a_release_that_goes_back_brings_no_commit() throws Exception {
        server.json(GITHUB + "/compare/" + BASE + "..." + HEAD, comparison(BASE, 0));
        assertThat(github.commits("acme/checkout", BASE, HEAD)).isEmpty();
    }

    private static String pull(int number, String repository, String merged) {
        return ("{\"number\":%d,\"html_url\":\"https://github.example/acme/checkout/pull/%d\",\"user\":{\"login\":\"ada\",\"type\":\"User\"},"
                        + "\"created_at\":\"2026-03-02T12:00:00Z\",\"merged_at\":%s,\"merge_commit_sha\":\"%s\","
                        + "\"base\":{\"ref\":\"main\",\"repo\":{\"full_name\":\"%s\"}}}")
                .formatted(number, number, merged, HEAD, repository);
    }

    @Test
    void a_pull_request_of_github_is_read_and_one_of_a_fork_is_not() throws Exception {
        server.json(
                GITHUB + "/commits/" + HEAD + "/pulls",
                "[%s,%s,%s]"
                        .formatted(
                                pull(7, "Acme/Checkout", "\"2026-03-03T09:00:00Z\""),
                                pull(8, "fork/checkout", "\"2026-03-03T09:00:00Z\""),
                                pull(9, "acme/checkout", "null")));
        List<Change> changes = github.changes("acme/checkout", HEAD);
        assertThat(changes).extracting(Change::number).containsExactly("7", "9");
        Change change = changes.get(0);
        assertThat(change.author()).isEqualTo("ada");
        assertThat(change.created()).isEqualTo("2026-03-02T12:00:00Z");
        assertThat(change.merged()).isEqualTo("2026-03-03T09:00:00Z");
        assertThat(change.mergeCommit()).isEqualTo(HEAD);
        assertThat(change.url()).isEqualTo("https://github.example/acme/checkout/pull/7");
        assertThat(changes.get(1).isMerged()).isFalse();
    }

    private static Change change(String repository) {
        return new Change(
                repository + "#7",
                "7",
                repository,
                "ada",
                Instant.EPOCH,
                Instant.EPOCH,
                HEAD,
                null,
                List.of(),
                List.of());
    }

    private static String remark(int id, String login, String type, String field, String at) {
        return "{\"id\":%d,\"user\":%s,\"%s\":%s}"
                .formatted(
                        id,
                        login == null ? "null" : "{\"login\":\"%s\",\"type\":\"%s\"}".formatted(login, type),
                        field,
                        at == null ? "null" : "\"" + at + "\"");
    }

    @Test
    void the_first_review_of_a_person_is_found_among_reviews_and_both_kinds_of_comments() throws Exception {
        server.json(
                GITHUB + "/pulls/7/commits",
                "[{\"sha\":\"%s\",\"commit\":{\"author\":{\"date\":\"2026-03-02T08:00:00Z\"},\"committer\":{\"date\":\"2026-03-02T11:00:00Z\"}}}]"
                        .formatted(FIRST));
        server.json(
                GITHUB + "/pulls/7/reviews",
                "[%s,%s]"
                        .formatted(
                                // Still being written.
                                remark(1, "grace", "User", "submitted_at", null),
                                remark(2, "grace", "User", "submitted_at", "2026-03-02T15:00:00Z")));
        server.json(
                GITHUB + "/pulls/7/comments",
                "[%s,%s,%s]"
                        .formatted(
                                remark(3, "ada", "User", "created_at", "2026-03-02T12:10:00Z"),
                                remark(4, "coverage[bot]", "Bot", "created_at", "2026-03-02T12:11:00Z"),
                                remark(5, null, null, "created_at", "2026-03-02T12:12:00Z")));
        server.json(
                GITHUB + "/issues/7/comments",
                "[" + remark(6, "edsger", "User", "created_at", "2026-03-02T14:00:00Z") + "]");
        Change change = github.complete(change("acme/checkout"));
        assertThat(change.firstCommit()).contains(new Commit(FIRST, Instant.parse("2026-03-02T08:00:00Z")));
        assertThat(change.firstReview()).contains(new Remark("6", "edsger", Instant.parse("2026-03-02T14:00:00Z")));
    }

    @Test
    void of_a_pull_request_with_as_many_commits_as_github_lists_it_is_not_known_which_was_the_first() throws Exception {
        for (int page = 1; page <= 3; page++) {
            commits(page, page < 3 ? 100 : 49);
        }
        for (String list : List.of("/pulls/7/reviews", "/pulls/7/comments", "/issues/7/comments")) {
            server.json(GITHUB + list, "[]");
        }
        assertThat(github.complete(change("acme/checkout")).commits()).hasSize(249);
        commits(3, 50);
        assertThatThrownBy(() -> github.complete(change("acme/checkout")))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessageContaining("at most 250 commits of a pull request, and #7 has as many");
    }

    private void commits(int page, int number) {
        server.json(
                GITHUB + "/pulls/7/commits?per_page=100&page=" + page,
                IntStream.range(0, number)
                        .mapToObj(one -> "{\"sha\":\"%s\",\"commit\":{\"author\":{\"date\":\"2026-03-02T08:00:00Z\"}}}"
                                .formatted(sha(100 * page + one)))
                        .toList()
                        .toString());
    }

    @Test
    void a_repository_whose_name_the_database_does_not_hold_is_not_asked() {
        Service service = AskedReleases.catalog(
                        Map.of("github.com/project-slug", "a".repeat(100) + "/" + "b".repeat(100)))
                .service("checkout")
                .orElseThrow();
        assertThat(github.repositoryOf(service)).isEmpty();
    }

    // GitLab

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void a_comparison_of_gitlab_is_read_in_either_order(boolean newestFirst) throws Exception {
        String commits = newestFirst
                ? "{\"id\":\"%s\"},{\"id\":\"%s\"}".formatted(HEAD, FIRST)
                : "{\"id\":\"%s\"},{\"id\":\"%s\"}".formatted(FIRST, HEAD);
        server.json(
                GITLAB + "/repository/compare?from=" + BASE + "&to=" + HEAD,
                "{\"commits\":[" + commits + "],\"diffs\":[],\"compare_timeout\":false,\"compare_same_ref\":false}");
        assertThat(gitlab.commits("acme/shop/checkout", BASE, HEAD)).containsExactly(FIRST, HEAD);
        server.json(
                GITLAB + "/repository/compare?from=" + BASE + "&to=" + HEAD,
                "{\"commits\":[{\"id\":\"" + FIRST + "\"}]}");
        assertThatThrownBy(() -> gitlab.commits("acme/shop/checkout", BASE, HEAD))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessageContaining("does not end with commit 9999");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "\"3333333333\", \"4444444444\", \"5555555555\", 3333333333",
                "null, \"4444444444\", \"5555555555\", 4444444444",
                "null, null, \"5555555555\", 5555555555",
                "null, null, null, -"
            })
    void what_became_of_a_merge_request_depends_on_how_it_was_merged(
            String merge, String squash, String sha, String expected) throws Exception {
        server.json(
                GITLAB + "/repository/commits/" + HEAD + "/merge_requests",
                ("[{\"id\":70,\"iid\":7,\"author\":{\"username\":\"ada\"},\"created_at\":\"2026-03-02T13:00:00.000+01:00\","
                                + "\"merged_at\":\"2026-03-03T09:00:00.250Z\",\"merge_commit_sha\":%s,\"squash_commit_sha\":%s,\"sha\":%s,"
                                + "\"web_url\":\"javascript:alert(1)\"}]")
                        .formatted(merge, squash, sha));
        assertThat(gitlab.changes("acme/shop/checkout", HEAD)).singleElement().satisfies(change -> {
            assertThat(change.number()).isEqualTo("7");
            assertThat(change.mergeCommit()).isEqualTo(expected);
            assertThat(change.created()).isEqualTo("2026-03-02T12:00:00Z");
            assertThat(change.merged()).isEqualTo("2026-03-03T09:00:00.250Z");
            assertThat(change.url()).as("no browser follows it").isNull();
        });
    }

    @Test
    void notes_of_the_system_and_of_access_tokens_are_no_review_and_every_page_is_asked_for() throws Exception {
        server.json(
                GITLAB + "/merge_requests/7/commits",
                "[{\"id\":\"%s\",\"created_at\":\"2026-03-02T11:00:00Z\",\"authored_date\":\"2026-03-02T09:00:00.000+01:00\"},{\"id\":\"%s\",\"created_at\":\"2026-03-02T07:00:00Z\",\"authored_date\":\"2026-03-02T10:00:00Z\"}]"
                        .formatted(FIRST, HEAD));
        String notes = GITLAB + "/merge_requests/7/notes?sort=asc&order_by=created_at&per_page=100&page=";
        server.reply(
                notes + 1,
                200,
                Map.of("x-next-page", "2"),
                ("[" + note(1, "grace", true, "2026-03-02T12:00:00Z") + ","
                                + note(2, "project_42_bot_1f", false, "2026-03-02T12:01:00Z") + ","
                                + note(3, "ada", false, "2026-03-02T12:02:00Z") + "]")
                        .getBytes(StandardCharsets.UTF_8));
        server.reply(
                notes + 2,
                200,
                Map.of("x-next-page", ""),
                ("[" + note(4, "grace", false, "2026-03-02T12:30:00Z") + "]").getBytes(StandardCharsets.UTF_8));
        Change change = gitlab.complete(change("acme/shop/checkout"));
        assertThat(change.firstCommit()).contains(new Commit(FIRST, Instant.parse("2026-03-02T08:00:00Z")));
        assertThat(change.firstReview()).contains(new Remark("4", "grace", Instant.parse("2026-03-02T12:30:00Z")));
    }

    @Test
    void when_a_commit_was_committed_is_not_taken_for_when_it_was_written() {
        server.json(
                GITLAB + "/merge_requests/7/commits",
                "[{\"id\":\"%s\",\"created_at\":\"2026-03-02T11:00:00Z\"}]".formatted(FIRST));
        server.json(GITLAB + "/merge_requests/7/notes", "[]");
        assertThatThrownBy(() -> gitlab.complete(change("acme/shop/checkout")))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessageContaining("no authored_date");
    }

    @Test
    void whoever_approves_a_merge_request_without_a_word_has_reviewed_it() throws Exception {
        server.json(GITLAB + "/merge_requests/7/commits", "[]");
        server.json(
                GITLAB + "/merge_requests/7/notes",
                "[%s,%s,%s,%s]"
                        .formatted(
                                noted(1, "grace", "requested review from @grace", "2026-03-02T12:00:00Z"),
                                noted(2, "ada", "approved this merge request", "2026-03-02T12:05:00Z"),
                                noted(3, "grace", "approved this merge request", "2026-03-02T12:10:00Z"),
                                note(4, "grace", false, "2026-03-02T12:30:00Z")));
        assertThat(gitlab.complete(change("acme/shop/checkout")).firstReview())
                .contains(new Remark("3", "grace", Instant.parse("2026-03-02T12:10:00Z")));
    }

    private static String noted(int id, String author, String body, String at) {
        return note(id, author, true, at).replaceFirst("}$", ",\"body\":\"" + body + "\"}");
    }

    private static String note(int id, String author, boolean system, String at) {
        return "{\"id\":%d,\"author\":{\"username\":\"%s\"},\"system\":%s,\"created_at\":\"%s\"}"
                .formatted(id, author, system, at);
    }

    // Both

    @Test
    void whatever_is_no_good_answer_is_said_and_never_taken_for_none() {
        for (ChangeSource forge : List.of(github, gitlab)) {
            String repository = forge == github ? "acme/checkout" : "acme/shop/checkout";
            String path = forge == github
                    ? GITHUB + "/commits/" + HEAD + "/pulls"
                    : GITLAB + "/repository/commits/" + HEAD + "/merge_requests";
            String good = "[{\"number\":7,\"iid\":7,\"created_at\":\"2026-03-02T12:00:00Z\"}]";
            answers(path, 200, good.replace("7", "0"));
            refuses(forge, repository, "without its number");
            // 2^64 + 7: whoever cuts it off reads 7.
            answers(path, 200, good.replace("7", "18446744073709551623"));
            refuses(forge, repository, "without its number");
            answers(path, 200, good.replace("T12", "T99"));
            refuses(forge, repository, "a time created_at that cannot be read");
            answers(path, 200, "[{\"number\":7,\"iid\":7}]");
            refuses(forge, repository, "no created_at");
            answers(path, 200, "{}");
            refuses(forge, repository, "no list of");
            answers(path, 401, "{}");
            refuses(forge, repository, "it refuses our credentials (401)");
            answers(path, 404, "{}");
            refuses(forge, repository, "it answered 404 to " + path);
            answers(path, 500, good);
            refuses(forge, repository, "it answered 500 to " + path);
            answers(path, 302, good);
            refuses(forge, repository, "a redirect (302), which is not followed");
            answers(path, 200, good.substring(3));
            refuses(forge, repository, "is not JSON");
            answers(path, 200, "[\"" + "x".repeat(300_000) + "\"]");
            refuses(forge, repository, "larger than");
        }
    }

    @Test
    void a_limit_on_many_calls_at_once_is_no_refusal_of_the_token() {
        server.reply(
                GITHUB + "/commits/" + HEAD + "/pulls",
                403,
                Map.of("Retry-After", "60", "x-ratelimit-remaining", "4000"),
                "{}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> github.changes("acme/checkout", HEAD))
                .hasMessage("it has been asked too often (403) and wants 60 s of rest")
                .isInstanceOfSatisfying(SourceUnavailable.class, limited -> assertThat(limited.retryAfter())
                        .isEqualTo(Duration.ofSeconds(60)));
    }

    private void answers(String path, int status, String body) {
        server.reply(
                path, status, Map.of("Location", server.url() + "/elsewhere"), body.getBytes(StandardCharsets.UTF_8));
    }

    private static void refuses(ChangeSource forge, String repository, String why) {
        assertThatThrownBy(() -> forge.changes(repository, HEAD))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"javascript:alert(1)", "https://forge.example/\\u0000", "https://forge.example/ x"})
    void an_address_that_no_browser_should_follow_or_no_database_holds_is_left_out(String address) throws Exception {
        server.json(
                GITHUB + "/commits/" + HEAD + "/pulls",
                "[{\"number\":7,\"created_at\":\"2026-03-02T12:00:00Z\",\"html_url\":\"" + address + "\"}]");
        assertThat(github.changes("acme/checkout", HEAD))
                .singleElement()
                .extracting(Change::url)
                .isNull();
    }

    /** The JDK names the header that it refuses. */
    @Test
    void a_token_that_no_header_may_have_is_shown_to_nobody() throws Exception {
        Path token = Files.writeString(Files.createTempFile("forge", "token"), "token-of\nthe-forge");
        ChangesProperties.Forge forge =
                new ChangesProperties.Forge(server.url(), null, token, Duration.ofSeconds(5), DataSize.ofMegabytes(1));
        ChangeSource source =
                new GithubChanges(new ChangesProperties(forge, null, 6, 3, Duration.ofMinutes(2)), Clock.systemUTC());
        assertThatThrownBy(() -> source.changes("acme/checkout", HEAD))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessage("our credentials have a character that no header may have")
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource({
        "acme/checkout, true, true",
        "acme/shop/checkout, false, true",
        "acme, false, false",
        "acme/.., false, false",
        "../checkout, false, false",
        "acme//checkout, false, false",
        "acme/check out, false, false",
        "acme/checkout?x=1, false, false"
    })
    void a_repository_is_named_by_the_catalog(String slug, boolean ofGithub, boolean ofGitlab) {
        Service service = AskedReleases.catalog(
                        Map.of("github.com/project-slug", slug, "gitlab.com/project-slug", slug))
                .service("checkout")
                .orElseThrow();
        assertThat(github.repositoryOf(service).isPresent()).isEqualTo(ofGithub);
        assertThat(gitlab.repositoryOf(service).isPresent()).isEqualTo(ofGitlab);
    }

    @Test
    void addresses_without_a_token_and_bounds_of_nothing_are_refused_and_no_token_is_shown() {
        URI url = URI.create("https://api.github.com");
        ChangesProperties.Forge without =
                new ChangesProperties.Forge(url, null, null, Duration.ofSeconds(5), DataSize.ofMegabytes(1));
        assertThatThrownBy(() -> new ChangesProperties(without, null, 1, 1, Duration.ofMinutes(1)))
                .hasMessageContaining("changes.github needs token or token-file");
        assertThatThrownBy(() -> properties(URI.create("https://user@api.github.com")))
                .hasMessageContaining("changes.github.url must be http(s)://");
        assertThatThrownBy(() -> new ChangesProperties(null, null, 0, 1, Duration.ofMinutes(1)))
                .hasMessageContaining("must be positive");
        assertThat(properties(url)).asString().doesNotContain("token-of-the-forge");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(ChangesProperties.class)
    @Import({GithubChanges.class, GitlabChanges.class})
    static class Connectors {
        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }

    @Test
    void only_systems_with_an_address_are_asked() throws Exception {
        ApplicationContextRunner platform = new ApplicationContextRunner().withUserConfiguration(Connectors.class);
        platform.run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(ChangeSource.class);
            assertThat(context.getBean(ChangesProperties.class))
                    .isEqualTo(new ChangesProperties(null, null, 500, 200, Duration.ofMinutes(5)));
        });
        Path token = Files.writeString(Files.createTempFile("forge", "token"), "of-a-file\n");
        server.json(GITHUB + "/commits/" + HEAD + "/pulls", "[]");
        platform.withPropertyValues(
                        "countersign.learning.changes.github.url=" + server.url(),
                        "countersign.learning.changes.github.token-file=" + token)
                .run(context -> {
                    assertThat(context).hasSingleBean(ChangeSource.class);
                    context.getBean(ChangeSource.class).changes("acme/checkout", HEAD);
                });
        assertThat(server.calls).singleElement().asString().endsWith(" Bearer of-a-file");
        platform.withPropertyValues("countersign.learning.changes.gitlab.url=" + server.url())
                .run(context -> assertThat(context).hasFailed());
    }
}
