package dev.countersign.workflow.guardrail;

import dev.countersign.workflow.guardrail.ModelSet.BpmnFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.camunda.bpm.model.bpmn.instance.Process;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * What is the platform's own, its steps, tasks, facts, messages and states, stands in controlled processes only. Another process is
 * deployed without a second person: there a step would run behind no control, and a task would ask whom that one person names.
 */
final class ControlledOnly {
    private static final String BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL";
    private static final String STATE = "releaseState";
    private static final Pattern WORD = Pattern.compile("[A-Za-z_]\\w*");

    private final Floor floor;
    private final KnownBeans beans;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> messages = new HashSet<>();

    ControlledOnly(Floor floor, KnownBeans beans) {
        this.floor = floor;
        this.beans = beans;
    }

    List<Finding> check(ModelSet set) {
        set.bpmn().stream()
                .filter(file -> file.processes().stream()
                        .map(Process::getId)
                        .anyMatch(floor.controlled().processes()::contains))
                .forEach(file -> messagesOf(file).forEach(message -> messages.add(message.getAttribute("name"))));
        for (BpmnFile file : set.bpmn()) {
            for (Element process : elements(file, "process")) {
                if (!floor.controlled().processes().contains(process.getAttribute("id"))) {
                    check(file, process.getAttribute("id"), process);
                }
            }
        }
        return findings;
    }

    private void check(BpmnFile file, String process, Element element) {
        for (int index = 0; index < element.getAttributes().getLength(); index++) {
            Attr attribute = (Attr) element.getAttributes().item(index);
            if ("messageRef".equals(attribute.getLocalName())) {
                message(file, process, element, attribute.getValue());
            } else {
                words(file, process, element, attribute.getValue());
            }
        }
        String id = element.getAttribute("id");
        if ("userTask".equals(element.getLocalName()) && beans.isHumanTask(id)) {
            find(file, process, "`%s` is a task of the platform".formatted(id));
        }
        if ("property".equals(element.getLocalName()) && STATE.equals(element.getAttribute("name"))) {
            find(file, process, "%s enters a state of the release".formatted(SafeModels.owner(element)));
        }
        boolean leaf = true;
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner) {
                leaf = false;
                check(file, process, inner);
            }
        }
        if (leaf) {
            words(file, process, element, element.getTextContent());
        }
    }

    /** Whether an expression names a bean at all: which of them are harmless is not asked. */
    private void words(BpmnFile file, String process, Element element, String value) {
        if (!ModelExpression.isExpression(value)) {
            return;
        }
        Set<String> seen = new HashSet<>();
        Matcher word = WORD.matcher(value);
        while (word.find()) {
            String name = word.group();
            boolean platforms = beans.isDelegate(name) || beans.isListener(name) || beans.isModelBean(name);
            if (platforms && seen.add(name)) {
                find(file, process, "%s uses the platform's `%s`".formatted(SafeModels.owner(element), name));
            }
        }
    }

    private void message(BpmnFile file, String process, Element element, String reference) {
        String id = reference.substring(reference.indexOf(':') + 1);
        String name = messagesOf(file).stream()
                .filter(message -> id.equals(message.getAttribute("id")))
                .map(message -> message.getAttribute("name"))
                .findFirst()
                .orElse("");
        if (name.isBlank() || ModelExpression.isExpression(name)) {
            find(file, process, "%s must name its message, not compute it".formatted(SafeModels.owner(element)));
        } else if (messages.contains(name) || isReserved(name)) {
            find(file, process, "%s waits for the platform's message `%s`".formatted(SafeModels.owner(element), name));
        }
    }

    /** A floor that names no messages reserves them all. */
    private boolean isReserved(String name) {
        Set<String> reserved = floor.controlled().messages();
        return reserved == null || reserved.stream().anyMatch(pattern -> matches(pattern, name));
    }

    static boolean matches(String pattern, String name) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern);
    }

    private static List<Element> messagesOf(BpmnFile file) {
        return elements(file, "message");
    }

    private static List<Element> elements(BpmnFile file, String name) {
        List<Element> elements = new ArrayList<>();
        var found = file.xml().getElementsByTagNameNS(BPMN, name);
        for (int index = 0; index < found.getLength(); index++) {
            elements.add((Element) found.item(index));
        }
        return elements;
    }

    private void find(BpmnFile file, String process, String what) {
        findings.add(new Finding(
                "controlled",
                file.name(),
                what
                        + ", which only controlled processes may; `%s` is none: floor.yaml names them"
                                .formatted(process)));
    }
}
