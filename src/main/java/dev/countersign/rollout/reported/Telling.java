package dev.countersign.rollout.reported;

import dev.countersign.identity.Role;
import dev.countersign.notice.Notices;
import dev.countersign.notice.Notices.Notice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Tells release managers of what went past the platform: of each deployment once, and of a repository that no service declares once. */
@Component
class Telling {
    private static final int LISTED = 20;
    private final Notices notices;
    private final ReportedDeploymentStore store;
    private final Repositories repositories;

    Telling(Notices notices, ReportedDeploymentStore store, Repositories repositories) {
        this.notices = notices;
        this.store = store;
        this.repositories = repositories;
    }

    /** Of which of them somebody is to be told now, by id. */
    Set<String> tellable(List<Kept> all) {
        List<Kept> untold = all.stream()
                .filter(one -> one.standing() == Standing.UNAPPROVED && one.toldAt() == null)
                .toList();
        Set<String> strangers = new HashSet<>(store.toldStrangers(untold.stream()
                .filter(this::isStranger)
                .map(one -> one.report().repository())
                .collect(Collectors.toSet())));
        return untold.stream()
                .filter(one -> !isStranger(one) || strangers.add(one.report().repository()))
                .map(Kept::id)
                .collect(Collectors.toSet());
    }

    /** Of a repository that several services share each one is told of, though it is not known which of them was meant. */
    private boolean isStranger(Kept one) {
        return one.service() == null
                && one.report().repository() != null
                && repositories.services(one.report()).isEmpty();
    }

    /** One mail, however many. */
    void tell(List<Kept> all) {
        if (all.isEmpty()) {
            return;
        }
        List<String> lines = new ArrayList<>();
        lines.add(
                "What runs in production is not what was approved. Find out who deployed it and why; a release that is opened now does not take it off the record.");
        all.stream()
                .limit(LISTED)
                .map(one -> "%s in %s began %s (%s). %s."
                        .formatted(
                                name(one),
                                one.report().environment(),
                                one.report().begin(),
                                one.report().source(),
                                one.because()))
                .forEach(lines::add);
        if (all.size() > LISTED) {
            lines.add("And %d more: the page has them all.".formatted(all.size() - LISTED));
        }
        notices.mail(new Notice(
                null,
                "bypass",
                Set.of(Role.RELEASE_MANAGER.id()),
                Set.of(),
                all.size() == 1
                        ? "A deployment went past the platform: " + name(all.get(0))
                        : "%d deployments went past the platform".formatted(all.size()),
                lines,
                "/deployments/reported",
                null));
    }

    private static String name(Kept one) {
        return one.service() != null
                ? one.service()
                : one.report().repository() != null ? one.report().repository() : one.id();
    }
}
