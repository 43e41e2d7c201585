package dev.countersign.notice;

import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import org.springframework.stereotype.Component;

/** Who may read which mail. Everybody reads their own; those who answer for the process read all of it. */
@Component
class MailReaders {
    private final Actors actors;

    MailReaders(Actors actors) {
        this.actors = actors;
    }

    /** The person whose mail alone is shown; null where all of it is. */
    String onlyOf() {
        return seesAll() ? null : actors.current();
    }

    boolean seesAll() {
        return mayAct() || actors.has(Role.AUDITOR);
    }

    boolean sees(Delivery delivery) {
        return seesAll() || delivery.person().equals(actors.current());
    }

    boolean mayAct() {
        return actors.has(Role.ADMIN) || actors.has(Role.RELEASE_MANAGER);
    }

    void requireToAct() {
        actors.require(Role.ADMIN, Role.RELEASE_MANAGER);
    }
}
