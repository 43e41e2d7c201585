package dev.countersign.gate.contract;

import dev.countersign.workflow.ModelBean;
import org.springframework.stereotype.Component;

/** What the model {@code contract-consent} reads in its expressions. */
@ModelBean
@Component("contractConsents")
public class ContractConsents {
    private final ConsentRepository consents;

    ContractConsents(ConsentRepository consents) {
        this.consents = consents;
    }

    /** The group that owns the consuming service. */
    public String ownerOf(String consent) {
        return consents.find(Long.parseLong(consent)).orElseThrow().owner();
    }

    /** The group that is asked where the owner is silent. */
    public String alternateOf(String consent) {
        return consents.find(Long.parseLong(consent)).orElseThrow().alternate();
    }
}
