package dev.countersign.rollback;

import dev.countersign.evidence.DataAfterwards;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** The data of a service whose release migrated it: measured once more, and kept as a document. Staging's data is nobody's: a drill proves there that the way back runs. */
@Component
@Order(2)
class DataAfterRollback implements AfterRollback {
    private final DataAfterwards data;

    DataAfterRollback(DataAfterwards data) {
        this.data = data;
    }

    @Override
    public Optional<Shown> look(Place place, Duration within) throws IOException {
        if (place.drill()) {
            return Optional.empty();
        }
        DataAfterwards.Outcome outcome = data.afterRollback(place.releaseKey(), within);
        if (!outcome.failed().isEmpty()) {
            return Optional.of(Shown.brokenData("Data checks fail: " + String.join("; ", outcome.failed())));
        }
        return outcome.checks() == 0
                ? Optional.empty()
                : Optional.of(Shown.holds("%d data checks hold%s"
                        .formatted(
                                outcome.checks(),
                                outcome.differing().isEmpty()
                                        ? ""
                                        : "; otherwise than before the deployment: "
                                                + String.join("; ", outcome.differing()))));
    }
}
