package dev.countersign.workflow.guardrail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.workflow.guardrail.ModelSet.FormFile;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a form may contain: what the bundled Tasklist (form-js 1.8.7) draws, and nothing that loads or runs code from elsewhere. */
final class FormRules {
    static final int NEWEST_SCHEMA = 16;
    private static final Set<String> INPUTS = Set.of(
            "textfield",
            "textarea",
            "number",
            "datetime",
            "checkbox",
            "checklist",
            "radio",
            "select",
            "taglist",
            "dynamiclist",
            "expression");
    private static final Set<String> COMPONENTS = Set.of(
            "textfield",
            "textarea",
            "number",
            "datetime",
            "expression",
            "checkbox",
            "checklist",
            "radio",
            "select",
            "taglist",
            "text",
            "image",
            "table",
            "html",
            "spacer",
            "separator",
            "group",
            "dynamiclist",
            "button");
    private static final Pattern ACTIVE =
            Pattern.compile("<\\s*(script|iframe|object|embed|form|link|meta|base)|\\bon[a-z]+\\s*=|javascript:");

    private FormRules() {}

    static List<Finding> safe(FormFile file) {
        List<Finding> findings = new ArrayList<>();
        JsonNode form = file.form();
        if (!form.path("type").asText("default").equals("default")
                || form.path("schemaVersion").asInt() > NEWEST_SCHEMA) {
            findings.add(new Finding(
                    "form",
                    file.name(),
                    "schemaVersion %s is newer than Tasklist's form-js 1.8.7 understands (%d)"
                            .formatted(form.path("schemaVersion").asText(), NEWEST_SCHEMA)));
        }
        for (JsonNode component : components(form)) {
            String type = component.path("type").asText();
            String name = name(component);
            if (!COMPONENTS.contains(type)) {
                findings.add(new Finding(
                        "form",
                        file.name(),
                        "`%s` is a %s, which Tasklist does not draw or we do not allow".formatted(name, type)));
            }
            for (String member : List.of("text", "content", "source", "label", "description")) {
                String value = component.path(member).asText().toLowerCase(Locale.ROOT);
                if (ACTIVE.matcher(value).find()) {
                    findings.add(new Finding(
                            "form", file.name(), "`%s` contains active content in its %s".formatted(name, member)));
                }
            }
            String source = component.path("source").asText();
            if (type.equals("image") && !source.startsWith("data:image/") && !source.startsWith("/")
                    || source.startsWith("//")) {
                findings.add(new Finding(
                        "form", file.name(), "`%s` loads an image from elsewhere: %s".formatted(name, source)));
            }
        }
        return findings;
    }

    /** The keys that a form submits. */
    static Set<String> inputs(FormFile file) {
        Set<String> keys = new LinkedHashSet<>();
        for (JsonNode component : components(file.form())) {
            if (INPUTS.contains(component.path("type").asText())) {
                keys.add(component.path("key").asText(component.path("path").asText()));
            }
        }
        return keys;
    }

    static List<JsonNode> components(JsonNode form) {
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode component : form.path("components")) {
            all.add(component);
            all.addAll(components(component));
        }
        return all;
    }

    static String name(JsonNode component) {
        return component.path("key").asText(component.path("id").asText("a component without id"));
    }
}
