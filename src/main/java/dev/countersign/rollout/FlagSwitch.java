package dev.countersign.rollout;

import dev.countersign.release.Releases;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.stereotype.Component;

/** The kill switch of releases that a flag exposes. */
@Component
class FlagSwitch implements KillSwitch {
    private final Releases releases;
    private final TrafficControl traffic;

    FlagSwitch(Releases releases, TrafficControl traffic) {
        this.releases = releases;
        this.traffic = traffic;
    }

    /** By what the release names, whether its system can be asked or not: one that cannot is a rung that failed, not one to pass over. */
    @Override
    public boolean governs(String release) {
        return releases.get(release).isFlagged();
    }

    /** In two transactions, unless the caller has one: that nothing goes on is not taken back with a flag that could not be switched off. */
    @Override
    public void switchOff(String release) {
        traffic.endForFlag(release);
        try {
            traffic.switchFlagOff(release);
        } catch (IOException unproven) {
            throw new UncheckedIOException(
                    "The flag of %s is not proven to be off: %s".formatted(release, unproven.getMessage()), unproven);
        }
    }
}
