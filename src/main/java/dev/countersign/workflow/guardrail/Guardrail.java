package dev.countersign.workflow.guardrail;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** All that is checked when models are deployed, whatever the way in. */
public final class Guardrail {
    private Guardrail() {}

    /** What is wrong with a set of models; empty where it may be deployed. */
    public static List<Finding> check(ModelSet set, Floor floor, KnownBeans beans) {
        List<Finding> findings = new ArrayList<>(set.unreadable());
        findings.addAll(complete(set, floor, beans));
        findings.addAll(new SafeModels(floor, beans).check(set));
        findings.addAll(new ControlledOnly(floor, beans).check(set));
        findings.addAll(new FloorPassages(floor).check(set));
        findings.addAll(new FloorTables(floor).check(set));
        return findings;
    }

    /** A part of the set alone would leave callers, bound to their own deployment, without what they call. */
    private static List<Finding> complete(ModelSet set, Floor floor, KnownBeans beans) {
        List<Finding> findings = new ArrayList<>();
        List<String> processes = processes(set);
        List<String> decisions = decisions(set);
        Set<String> missing = new TreeSet<>(floor.controlled().processes());
        missing.addAll(floor.controlled().decisions());
        missing.removeAll(processes);
        missing.removeAll(decisions);
        if (isControlled(set, floor, beans) && !missing.isEmpty()) {
            findings.add(new Finding(
                    "complete",
                    "deployment",
                    "partial deployment: controlled models, tables and forms are deployed together or not at all; missing are "
                            + missing.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "))));
        }
        twice(processes, "process", findings);
        twice(decisions, "decision", findings);
        return findings;
    }

    private static void twice(List<String> ids, String kind, List<Finding> findings) {
        Set<String> seen = new TreeSet<>();
        ids.stream()
                .filter(id -> !seen.add(id))
                .forEach(id -> findings.add(
                        new Finding("complete", "deployment", "the " + kind + " `" + id + "` is defined twice")));
    }

    /** Whether the set holds any model, table or form that the floor controls. */
    static boolean isControlled(ModelSet set, Floor floor, KnownBeans beans) {
        return set.forms().stream().anyMatch(form -> beans.isHumanTask(form.id()))
                || processes(set).stream().anyMatch(floor.controlled().processes()::contains)
                || decisions(set).stream().anyMatch(floor.controlled().decisions()::contains);
    }

    private static List<String> processes(ModelSet set) {
        return set.bpmn().stream()
                .flatMap(file -> file.processes().stream())
                .map(process -> process.getId())
                .toList();
    }

    private static List<String> decisions(ModelSet set) {
        return set.dmn().stream()
                .flatMap(file -> file.decisions().stream())
                .map(decision -> decision.getId())
                .toList();
    }
}
