package dev.countersign.workflow.guardrail;

import java.util.List;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.BadUserRequestException;

/** A deployment that the guardrails refuse: 400 by Camunda's REST API, with one line for each finding. */
public class ModelsRefused extends BadUserRequestException {
    private static final long serialVersionUID = 1L;
    private final transient List<Finding> findings;

    ModelsRefused(List<Finding> findings) {
        super(findings.stream().map(Finding::toString).collect(Collectors.joining("\n")));
        this.findings = List.copyOf(findings);
    }

    public List<Finding> findings() {
        return findings;
    }
}
