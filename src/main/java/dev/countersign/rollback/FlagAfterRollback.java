package dev.countersign.rollback;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** The flag that exposed the release is off, as its own system says when it is asked once more. */
@Component
@Order(1)
class FlagAfterRollback implements AfterRollback {
    private final Flag flag;

    FlagAfterRollback(Flag flag) {
        this.flag = flag;
    }

    @Override
    public Optional<Shown> look(Place place, Duration within) throws IOException {
        if (place.drill() || !flag.governs(place.releaseKey())) {
            return Optional.empty();
        }
        flag.off(place.releaseKey());
        return Optional.of(Shown.holds("The flag of the release is off"));
    }
}
