package dev.countersign.evidence.ci;

import dev.countersign.evidence.EvidenceSources;
import dev.countersign.evidence.ci.CdeventStore.Tie;
import dev.countersign.release.DeploymentReport;
import dev.countersign.release.DeploymentsReported;
import dev.countersign.release.Release;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Takes CDEvents: the end of a run has everything asked that holds reports for its release, {@link CdeventsSource} among it. Other events only tie their chain to a
 * commit or an artifact, or are answered with what they are and that they do nothing. That a service was deployed is passed on, to be compared with what was approved.
 */
@RestController
class CdeventsWebhook {
    private static final Set<String> REPORTS = Set.of("junit", "sarif");
    private static final Set<String> DEPLOYED = Set.of("service.deployed", "service.upgraded", "service.rolledback");
    private static final String COMPARED = "the deployment is compared with what was approved";
    private final CdeventsProperties properties;
    private final CdeventStore store;
    private final Projects projects;
    private final EvidenceSources systems;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;

    CdeventsWebhook(
            CdeventsProperties properties,
            CdeventStore store,
            Projects projects,
            EvidenceSources systems,
            PlatformTransactionManager transactions,
            ApplicationEventPublisher events) {
        this.properties = properties;
        this.store = store;
        this.projects = projects;
        this.systems = systems;
        this.transaction = new TransactionTemplate(transactions);
        this.events = events;
    }

    /** @param releases whose evidence is asked for now; none where the event says nothing of a release on its way */
    record Taken(String outcome, List<String> releases, Event event) {}

    /** What was read of it; whatever it does not say is null. */
    record Event(
            String type,
            String version,
            String specversion,
            String id,
            Instant timestamp,
            String chain,
            int links,
            String subject,
            String outcome,
            String environment,
            String artifact) {
        static Event of(Cdevent event) {
            return new Event(
                    event.what(),
                    event.version(),
                    event.spec(),
                    event.id(),
                    event.time(),
                    event.chain(),
                    event.links(),
                    event.subject(),
                    event.outcome(),
                    event.environment(),
                    event.artifact());
        }
    }

    /** As CloudEvents, structured or binary; signed by {@code X-Countersign-Signature}, or with the secret as bearer token. */
    @PostMapping("/api/webhooks/cdevents")
    ResponseEntity<Taken> cdevents(HttpServletRequest request) throws IOException {
        byte[] body = CiWebhooks.body(request, properties.hook(), "cdevents", Hooks.either(request));
        Cdevent event = Cdevent.of(CloudEvents.event(request, body));
        boolean deployed = DEPLOYED.contains(event.what());
        if (deployed) {
            // Said as often as it is sent: a deployment is on record once, whatever is repeated.
            events.publishEvent(new DeploymentsReported(List.of(deployment(event))));
        }
        boolean ties = event.chain() != null
                && (event.commit().isPresent() || event.digest().isPresent());
        if (deployed && !ties) {
            return ResponseEntity.status(HttpStatus.ACCEPTED).body(new Taken(COMPARED, List.of(), Event.of(event)));
        }
        if (!event.isEndOfRun() && !ties) {
            return ResponseEntity.ok(new Taken(event.what() + " takes no effect here", List.of(), Event.of(event)));
        }
        List<String> releases;
        try {
            // Kept together with what follows from it: one that was lost half way is sent again.
            releases = Objects.requireNonNull(transaction.execute(status -> keep(event)));
        } catch (DuplicateKeyException known) {
            return ResponseEntity.ok(new Taken("taken in before", List.of(), Event.of(event)));
        }
        return ResponseEntity.status(HttpStatus.ACCEPTED)
                .body(new Taken(
                        !releases.isEmpty()
                                ? "evidence is asked for"
                                : event.isEndOfRun()
                                        ? "no release on its way is of this run"
                                        : deployed
                                                ? COMPARED
                                                : event.what() + " takes no effect but to say what its chain is about",
                        releases,
                        Event.of(event)));
    }

    /** It has happened when it is told of. What it deployed is said by the event, or by others of its chain. */
    private DeploymentReport deployment(Cdevent event) {
        List<Tie> ties = event.chain() == null ? List.of() : store.ties(event.chain());
        return new DeploymentReport(
                CdeventsSource.NAME,
                CdeventStore.key(event),
                event.source(),
                event.environment(),
                event.commit().orElseGet(() -> only(ties, Tie::commit)),
                event.digest().orElseGet(() -> only(ties, Tie::digest)),
                DeploymentReport.State.SUCCESS,
                event.time(),
                event.time(),
                event.time(),
                event.time(),
                null);
    }

    /** Null where the chain is about several: which of them was meant is not guessed. */
    private static String only(List<Tie> ties, Function<Tie, String> what) {
        List<String> named =
                ties.stream().map(what).filter(Objects::nonNull).distinct().toList();
        return named.size() == 1 ? named.get(0) : null;
    }

    private List<String> keep(Cdevent event) {
        store.keep(event);
        List<String> releases = concerned(event).stream().map(Release::key).toList();
        releases.forEach(key -> systems.fetchSoon(key, REPORTS));
        return releases;
    }

    private List<Release> concerned(Cdevent event) {
        List<Tie> ties = new ArrayList<>();
        ties.add(new Tie(event.commit().orElse(null), event.digest().orElse(null)));
        if (event.chain() != null) {
            ties.addAll(store.ties(event.chain()));
        }
        Set<String> known = ties.stream()
                .flatMap(tie -> Stream.of(tie.commit(), tie.digest()))
                .filter(one -> one != null)
                .collect(Collectors.toCollection(HashSet::new));
        return known.isEmpty()
                ? List.of()
                : projects.open(release -> (known.contains(CdeventsSource.commit(release))
                                || CdeventsSource.digests(release).stream().anyMatch(known::contains))
                        && projects.sourcesOf(release.service()).contains(event.source()));
    }
}
