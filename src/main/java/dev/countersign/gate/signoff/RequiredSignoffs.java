package dev.countersign.gate.signoff;

import dev.countersign.gate.signoff.SignoffPolicy.Required;
import dev.countersign.release.Releases;
import dev.countersign.workflow.ModelBean;
import java.util.List;
import org.springframework.stereotype.Component;

/** What the model {@code security-signoff} reads in its expressions. */
@ModelBean
@Component("requiredSignoffs")
public class RequiredSignoffs {
    private final Signoffs signoffs;
    private final SignoffPolicy policy;
    private final Releases releases;

    RequiredSignoffs(Signoffs signoffs, SignoffPolicy policy, Releases releases) {
        this.signoffs = signoffs;
        this.policy = policy;
        this.releases = releases;
    }

    /** The names of the sign-offs to be asked for: none once one is refused. */
    public List<String> missing(String releaseKey) {
        if (signoffs.holdAndSeeRefusal(releaseKey)) {
            return List.of();
        }
        return signoffs.missing(releaseKey).stream().map(Required::name).toList();
    }

    /** The group that is asked for a sign-off. */
    public String groupOf(String releaseKey, String signoff) {
        return policy.required(releases.get(releaseKey)).stream()
                .filter(required -> required.name().equals(signoff))
                .map(Required::group)
                .findFirst()
                .orElseThrow();
    }

    /** Whether a refusal makes the others needless. */
    public boolean isRefused(String releaseKey) {
        return signoffs.holdAndSeeRefusal(releaseKey);
    }
}
