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
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Merge requests of GitLab (REST API v4). */
@Component
@ConditionalOnProperty("countersign.learning.changes.gitlab.url")
class GitlabChanges implements ChangeSource {
    private static final String ANNOTATION = "gitlab.com/project-slug";
    private static final int MOST_PAGES = 20;
    /** Users that GitLab makes for access tokens of projects and groups. */
    private static final String BOT = "(project|group)_\\d+_bot(_.*)?";

    /** How it notes that somebody approved, who need not have said anything. */
    private static final String APPROVED = "approved this merge request";

    private final SystemApi api;

    GitlabChanges(ChangesProperties properties, Clock clock) {
        this.api = properties
                .gitlab()
                .api(token -> Map.of("Accept", "application/json", "PRIVATE-TOKEN", token.read()), clock);
    }

    @Override
    public String name() {
        return "gitlab";
    }

    @Override
    public Optional<String> repositoryOf(Service service) {
        return Optional.ofNullable(service.annotations().get(ANNOTATION))
                .map(String::strip)
                .filter(slug -> slug.matches("[A-Za-z0-9_][A-Za-z0-9._/-]{0,198}")
                        && slug.indexOf('/') > 0
                        && Arrays.stream(slug.split("/", -1)).noneMatch(part -> part.matches("[.]*")));
    }

    @Override
    public List<String> commits(String repository, String base, String head)
            throws SourceUnavailable, InterruptedException {
        JsonNode answer = api.json("%s/repository/compare?from=%s&to=%s"
                .formatted(path(repository), BaseAddress.segment(base), BaseAddress.segment(head)));
        List<String> commits = new ArrayList<>();
        for (JsonNode commit : Answers.list(answer.path("commits"), "commits")) {
            commits.add(Answers.requiredSha(commit, "id"));
        }
        if (commits.isEmpty()) {
            return commits;
        }
        // Older versions list the newest first.
        if (Answers.isSame(commits.get(0), head)) {
            Collections.reverse(commits);
        }
        if (!Answers.isSame(commits.get(commits.size() - 1), head)) {
            throw new SourceUnavailable("its comparison does not end with commit " + head);
        }
        return commits;
    }

    @Override
    public List<Change> changes(String repository, String commit) throws SourceUnavailable, InterruptedException {
        List<Change> changes = new ArrayList<>();
        for (JsonNode merge : pages(
                "%s/repository/commits/%s/merge_requests?".formatted(path(repository), BaseAddress.segment(commit)))) {
            String number = Answers.number(merge, "iid");
            changes.add(new Change(
                    repository + "!" + number,
                    number,
                    repository,
                    Answers.text(merge.path("author"), "username"),
                    Answers.requiredTime(merge, "created_at"),
                    Answers.time(merge, "merged_at"),
                    mergeCommit(merge),
                    Answers.address(merge, "web_url"),
                    List.of(),
                    List.of()));
        }
        return changes;
    }

    /** A merge of its own; without one the squashed commit, or the last of the commits, which were only put on top. */
    private static String mergeCommit(JsonNode merge) {
        for (String field : List.of("merge_commit_sha", "squash_commit_sha")) {
            String sha = Answers.sha(merge, field);
            if (sha != null) {
                return sha;
            }
        }
        return Answers.sha(merge, "sha");
    }

    @Override
    public Change complete(Change change) throws SourceUnavailable, InterruptedException {
        String merge = path(change.repository()) + "/merge_requests/" + change.number();
        List<Commit> commits = new ArrayList<>();
        for (JsonNode commit : pages(merge + "/commits?")) {
            // Its created_at is when it was committed, which a rebase does anew.
            commits.add(new Commit(Answers.requiredSha(commit, "id"), Answers.requiredTime(commit, "authored_date")));
        }
        List<Remark> remarks = new ArrayList<>();
        for (JsonNode note : pages(merge + "/notes?sort=asc&order_by=created_at&")) {
            String author = Answers.text(note.path("author"), "username");
            // The system notes what happened, such as a new commit, in the name of whoever did it.
            boolean isReview = !note.path("system").asBoolean(false) || APPROVED.equals(Answers.text(note, "body"));
            if (isReview && !(author != null && author.matches(BOT))) {
                remarks.add(new Remark(note.path("id").asText(), author, Answers.requiredTime(note, "created_at")));
            }
        }
        return change.with(commits, remarks);
    }

    /** @param path with {@code ?}, or {@code &} after other parameters */
    private List<JsonNode> pages(String path) throws SourceUnavailable, InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        String page = "1";
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            String address = "%sper_page=100&page=%s".formatted(path, page);
            SystemApi.Page answer = api.page(address)
                    .orElseThrow(
                            () -> new SourceUnavailable("it answered 404 to " + path.substring(0, path.indexOf('?'))));
            Answers.list(answer.body(), "changes, commits or notes").forEach(all::add);
            Optional<String> next = answer.header("x-next-page").filter(text -> text.matches("\\d{1,6}"));
            if (next.isEmpty()) {
                return all;
            }
            page = next.get();
        }
        throw new SourceUnavailable("its list is longer than %d pages".formatted(MOST_PAGES));
    }

    private static String path(String repository) {
        return "/api/v4/projects/" + BaseAddress.segment(repository);
    }
}
