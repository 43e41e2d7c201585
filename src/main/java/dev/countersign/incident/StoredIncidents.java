package dev.countersign.incident;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.transaction.annotation.Transactional;

@org.springframework.stereotype.Service
class StoredIncidents implements Incidents {
    private static final Pattern FIGURES = Pattern.compile("\\d[\\d.,]*");

    private final IncidentStore incidents;
    private final PostMortemStore postMortems;
    private final FollowUpStore actions;
    private final Releases releases;
    private final Catalog catalog;
    private final Timeline timeline;
    private final IncidentNotices notices;
    private final ChronicInstability instability;
    private final Clock clock;

    StoredIncidents(
            IncidentStore incidents,
            PostMortemStore postMortems,
            FollowUpStore actions,
            Releases releases,
            Catalog catalog,
            Timeline timeline,
            IncidentNotices notices,
            ChronicInstability instability,
            Clock clock) {
        this.incidents = incidents;
        this.postMortems = postMortems;
        this.actions = actions;
        this.releases = releases;
        this.catalog = catalog;
        this.timeline = timeline;
        this.notices = notices;
        this.instability = instability;
        this.clock = clock;
    }

    @Override
    @Transactional
    public String openForRollback(String releaseKey, Trouble trouble) {
        Optional<Incident> known = incidents.ofRelease(releaseKey);
        if (known.isPresent()) {
            return known.get().key();
        }
        Release release = releases.get(releaseKey);
        Severity severity = Severity.of(release.tier(), trouble.exposed());
        var roles = new Roles(onCallOf(release.service()), Role.SUPPORT.id(), Role.FACILITATOR.id());
        incidents.add(releaseKey, release.service(), severity, trouble, roles);
        Incident incident = incidents.ofRelease(releaseKey).orElseThrow();
        timeline.record(
                releaseKey,
                "incident.opened",
                Actors.PLATFORM,
                "Incident %s (%s) opened; %s leads: %s"
                        .formatted(incident.key(), severity, roles.commander(), trouble.cause()),
                Map.of(
                        "incident", incident.key(),
                        "severity", severity.name(),
                        "commander", roles.commander(),
                        "communications", roles.communications(),
                        "facilitator", roles.facilitator(),
                        "detectedAt", trouble.detectedAt().toString(),
                        "detectedBy", trouble.detectedBy(),
                        "exposed", trouble.exposed()));
        if (trouble.over()) {
            over(incident, trouble.account());
        } else {
            notices.opened(incident, trouble.account());
        }
        return incident.key();
    }

    @Override
    @Transactional
    public void rollbackFailed(String releaseKey, String account, String reason) {
        incidents
                .ofRelease(releaseKey)
                .filter(incident -> incidents.tell(incident.key(), sameButForFigures(reason), clock.instant()))
                .ifPresent(incident -> notices.rollbackFailed(incident, account));
    }

    /** What is measured anew at each attempt is no news. */
    private static String sameButForFigures(String reason) {
        return "failed: " + FIGURES.matcher(reason).replaceAll("#");
    }

    @Override
    @Transactional
    public void rollbackOver(String releaseKey, String account) {
        incidents.ofRelease(releaseKey).ifPresent(incident -> over(incident, account));
    }

    private void over(Incident incident, String account) {
        if (incidents.tell(incident.key(), "over", clock.instant())) {
            notices.rollbackOver(incident, account);
        }
    }

    /** Only then, because no table may stand between users and the stable version. */
    @Override
    @Transactional
    public void lookAtInstability(String releaseKey) {
        incidents
                .ofRelease(releaseKey)
                .filter(Incident::exposed)
                .ifPresent(incident -> instability.look(releases.get(releaseKey)));
    }

    private String onCallOf(String service) {
        return catalog.service(service)
                .map(Service::onCall)
                .filter(onCall -> !onCall.isBlank())
                .orElse(Role.ON_CALL.id());
    }

    @Override
    public Optional<Incident> ofRelease(String releaseKey) {
        return incidents.ofRelease(releaseKey);
    }

    @Override
    public List<Incident> ofService(String service, Instant since) {
        return incidents.ofService(service, since);
    }

    @Override
    public List<Action> openActionsOf(String service) {
        return actions.openOf(service).stream().map(FollowUp::toAction).toList();
    }

    @Override
    public Optional<Report> reportOf(String releaseKey) {
        return incidents
                .ofRelease(releaseKey)
                .map(incident -> new Report(
                        incident,
                        incidents.rolesOf(incident.key()),
                        postMortems.of(incident.key()).orElse(null),
                        actions.ofIncident(incident.key()).stream()
                                .map(FollowUp::toAction)
                                .toList()));
    }
}
