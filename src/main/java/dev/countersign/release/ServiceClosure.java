package dev.countersign.release;

import java.util.Optional;

/**
 * Something that closes a service for ordinary releases, for example a freeze, or an error budget that is used up. Hotfixes go on: {@link ServiceIsOpen} does not ask for
 * them. Kept by the modules above.
 */
public interface ServiceClosure {
    /** Why the service of the release is closed, in words; empty where it is open. */
    Optional<String> closedBecause(Release release);
}
