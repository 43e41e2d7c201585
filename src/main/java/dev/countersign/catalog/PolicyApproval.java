package dev.countersign.catalog;

import dev.countersign.api.Problem;
import dev.countersign.catalog.Catalog.HeldBack;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Puts in force what a second person approved: exactly the bytes that were shown. Each node answers from it within
 * {@code countersign.catalog.check-every}.
 */
@Component
class PolicyApproval {
    private final FileCatalog catalog;
    private final PolicyStore store;

    PolicyApproval(FileCatalog catalog, PolicyStore store) {
        this.catalog = catalog;
        this.store = store;
    }

    /** Both sides of a difference, for the person who decides: what is in force and what is proposed. */
    record Sides(Optional<SourceFile> inForce, Optional<SourceFile> proposed) {}

    Sides sidesOf(HeldBack change) {
        Optional<SourceFile> inForce =
                change.activeDigest() == null ? Optional.empty() : store.find(change.kind(), change.activeDigest());
        return new Sides(inForce, proposed(change));
    }

    /** @throws Problem 409 when the file, or what is in force, has changed since the difference was shown */
    @Transactional
    public void activate(HeldBack change, String approver) {
        if (!catalog.heldBack().contains(change)) {
            throw Problem.conflict("The " + change.kind() + " file " + change.file()
                    + " has changed since the difference was shown; look at it again");
        }
        if (change.proposedDigest() == null) {
            store.retire(change.kind(), List.of(change.file()));
        } else {
            store.activate(change.kind(), List.of(proposed(change).orElseThrow()), approver);
        }
    }

    private Optional<SourceFile> proposed(HeldBack change) {
        return catalog.proposed(change.kind()).stream()
                .filter(file -> file.name().equals(change.file()))
                .filter(file -> file.digest().equals(change.proposedDigest()))
                .findFirst();
    }
}
