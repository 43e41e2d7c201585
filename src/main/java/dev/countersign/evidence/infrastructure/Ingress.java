package dev.countersign.evidence.infrastructure;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The rules of a resource by which traffic comes in. */
final class Ingress {
    static final Set<String> KINDS = Set.of(
            "aws_security_group",
            "aws_default_security_group",
            "aws_security_group_rule",
            "aws_vpc_security_group_ingress_rule");

    private Ingress() {}

    /** @param pointer where the rule stands in its resource */
    record Written(Rule rule, String pointer) {}

    /** Null where the resource is about what goes out. */
    static List<Written> of(Resource resource) {
        if (resource.kind().equals("aws_security_group_rule")) {
            JsonNode type = resource.value("type");
            if (type.isTextual() && type.asText().equals("egress")) {
                return null;
            }
            boolean told = type.isTextual() && type.asText().equals("ingress");
            return List.of(new Written(new Rule(told ? resource.values() : type), ""));
        }
        if (resource.kind().equals("aws_vpc_security_group_ingress_rule")) {
            return List.of(new Written(new Rule(resource.values()), ""));
        }
        List<Written> rules = new ArrayList<>();
        List<JsonNode> blocks = Values.blocks(resource.value("ingress"));
        for (int index = 0; index < blocks.size(); index++) {
            rules.add(new Written(
                    new Rule(blocks.get(index)),
                    "/ingress" + (resource.value("ingress").isArray() ? "/" + index : "")));
        }
        return rules;
    }

    /** The value that opens it, where one does. */
    static String pointer(Written written) {
        for (String name : Rule.ADDRESSES) {
            if (written.rule().namesEverybody(name) == Answer.YES) {
                return written.pointer() + "/" + name;
            }
        }
        for (String name : Rule.ADDRESSES) {
            JsonNode said = Resource.said(written.rule().values().path(name));
            if (!said.isMissingNode() && !(said.isArray() && said.isEmpty())) {
                return written.pointer() + "/" + name;
            }
        }
        return written.pointer();
    }
}
