package dev.countersign.learning.leadtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.Service;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.SystemApi;
import dev.countersign.learning.leadtime.Change.Commit;
import dev.countersign.learning.leadtime.Change.Remark;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Pull requests of GitHub (REST API 2022-11-28). */
@Component
@ConditionalOnProperty("countersign.learning.changes.github.url")
class GithubChanges implements ChangeSource {
    private static final String ANNOTATION = "github.com/project-slug";
    private static final int PAGE = 100;
    private static final int MOST_PAGES = 20;
    /** It lists no more of a pull request, and does not say that there are more: which was the first is not known then. */
    private static final int MOST_COMMITS = 250;
    /** What the database holds. */
    private static final int LONGEST_SLUG = 200;

    private final SystemApi api;

    GithubChanges(ChangesProperties properties, Clock clock) {
        this.api = properties
                .github()
                .api(
                        token -> Map.of(
                                "Accept",
                                "application/vnd.github+json",
                                "X-GitHub-Api-Version",
                                "2022-11-28",
                                "Authorization",
                                "Bearer " + token.read()),
                        clock);
    }

    @Override
    public String name() {
        return "github";
    }

    @Override
    public Optional<String> repositoryOf(Service service) {
        return Optional.ofNullable(service.annotations().get(ANNOTATION))
                .map(String::strip)
                .filter(slug -> slug.length() <= LONGEST_SLUG
                        && slug.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}/[A-Za-z0-9._-]{1,100}")
                        && !slug.matches(".*/[.]+"));
    }

    @Override
    public List<String> commits(String repository, String base, String head)
            throws SourceUnavailable, InterruptedException {
        String path = path(repository) + "/compare/" + BaseAddress.segment(base) + "..." + BaseAddress.segment(head);
        List<String> commits = new ArrayList<>();
        for (int page = 1; page <= MOST_PAGES; page++) {
            JsonNode answer = api.json(paged(path, page));
            if (!Answers.isSame(Answers.sha(answer.path("base_commit"), "sha"), base)) {
                throw new SourceUnavailable("it compared with another commit than " + base);
            }
            JsonNode some = Answers.list(answer.path("commits"), "commits");
            for (JsonNode commit : some) {
                commits.add(Answers.requiredSha(commit, "sha"));
            }
            int total = answer.path("total_commits").asInt(-1);
            if (commits.size() == total) {
                return endsWith(commits, head);
            }
            if (total < 0 || some.isEmpty()) {
                throw new SourceUnavailable("its comparison has %d of %d commits".formatted(commits.size(), total));
            }
        }
        throw new SourceUnavailable("its comparison is longer than %d commits".formatted(MOST_PAGES * PAGE));
    }

    /** What is asked for is the newest of them; where there are none, the release went back. */
    private static List<String> endsWith(List<String> commits, String head) throws SourceUnavailable {
        if (!commits.isEmpty() && commits.stream().noneMatch(commit -> Answers.isSame(commit, head))) {
            throw new SourceUnavailable("its comparison does not hold commit " + head);
        }
        return commits;
    }

    @Override
    public List<Change> changes(String repository, String commit) throws SourceUnavailable, InterruptedException {
        List<Change> changes = new ArrayList<>();
        for (JsonNode pull : pages(path(repository) + "/commits/" + BaseAddress.segment(commit) + "/pulls")) {
            // A fork's own pull requests may hold the same commit.
            if (pull.path("base")
                    .path("repo")
                    .path("full_name")
                    .asText(repository)
                    .equalsIgnoreCase(repository)) {
                String number = Answers.number(pull, "number");
                changes.add(new Change(
                        repository + "#" + number,
                        number,
                        repository,
                        Answers.text(pull.path("user"), "login"),
                        Answers.requiredTime(pull, "created_at"),
                        Answers.time(pull, "merged_at"),
                        Answers.sha(pull, "merge_commit_sha"),
                        Answers.address(pull, "html_url"),
                        List.of(),
                        List.of()));
            }
        }
        return changes;
    }

    @Override
    public Change complete(Change change) throws SourceUnavailable, InterruptedException {
        String repository = path(change.repository());
        String pull = repository + "/pulls/" + change.number();
        List<JsonNode> listed = pages(pull + "/commits");
        if (listed.size() >= MOST_COMMITS) {
            throw new SourceUnavailable("it lists at most %d commits of a pull request, and #%s has as many"
                    .formatted(MOST_COMMITS, change.number()));
        }
        List<Commit> commits = new ArrayList<>();
        for (JsonNode commit : listed) {
            commits.add(new Commit(
                    Answers.requiredSha(commit, "sha"),
                    Answers.requiredTime(commit.path("commit").path("author"), "date")));
        }
        List<Remark> remarks = new ArrayList<>();
        first(change, pull + "/reviews", "submitted_at").ifPresent(remarks::add);
        first(change, pull + "/comments", "created_at").ifPresent(remarks::add);
        first(change, repository + "/issues/" + change.number() + "/comments", "created_at")
                .ifPresent(remarks::add);
        return change.with(commits, remarks);
    }

    /** The first by a person other than the author: each of these lists begins with the oldest. */
    private Optional<Remark> first(Change change, String path, String when)
            throws SourceUnavailable, InterruptedException {
        for (int page = 1; page <= MOST_PAGES; page++) {
            JsonNode some = Answers.list(api.json(paged(path, page)), "remarks");
            Remark first = null;
            for (JsonNode one : some) {
                // A review that is still being written has no time, and nobody has read it.
                if (Answers.text(one, when) != null
                        && !one.path("user").path("type").asText("").equals("Bot")) {
                    Remark remark = new Remark(
                            one.path("id").asText(),
                            Answers.text(one.path("user"), "login"),
                            Answers.requiredTime(one, when));
                    if (remark.isOfAnotherThan(change.author())
                            && (first == null || remark.at().isBefore(first.at()))) {
                        first = remark;
                    }
                }
            }
            if (first != null || some.size() < PAGE) {
                return Optional.ofNullable(first);
            }
        }
        throw new SourceUnavailable("its list of remarks is too long");
    }

    private List<JsonNode> pages(String path) throws SourceUnavailable, InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        for (int page = 1; page <= MOST_PAGES; page++) {
            JsonNode some = Answers.list(api.json(paged(path, page)), "changes or commits");
            some.forEach(all::add);
            if (some.size() < PAGE) {
                return all;
            }
        }
        throw new SourceUnavailable("its list is longer than %d".formatted(MOST_PAGES * PAGE));
    }

    private static String paged(String path, int page) {
        return "%s?per_page=%d&page=%d".formatted(path, PAGE, page);
    }

    private static String path(String repository) {
        int slash = repository.indexOf('/');
        return "/repos/" + BaseAddress.segment(repository.substring(0, slash)) + "/"
                + BaseAddress.segment(repository.substring(slash + 1));
    }
}
