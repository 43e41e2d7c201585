package dev.countersign.evidence.infrastructure;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.UnaryOperator;

/**
 * One thing that a file describes.
 *
 * @param kind Terraform's type, or {@link #POD}, {@link #CONTAINER}, {@link #MODULE}
 * @param address what it is called in its file: {@code aws_ebs_volume.data}, {@code Deployment shop/web container app}
 * @param values what is said of it
 * @param places where in the document the value of a pointer stands
 */
public record Resource(String kind, String address, JsonNode values, UnaryOperator<String> places) {
    public static final String POD = "pod";
    public static final String CONTAINER = "container";
    /** What the pod says for all its containers. */
    public static final String POD_CONTEXT = "pod's securityContext";

    static final String MODULE = "module";

    public String at(String pointer) {
        return places.apply(pointer);
    }

    /** Whether there will be any: Terraform makes as many as {@code count} or {@code for_each} say, and that may be none. */
    public Answer stands() {
        if (values.has("for_each")) {
            return Answer.UNTOLD;
        }
        if (!values.has("count")) {
            return Answer.YES;
        }
        Integer count = Values.number(values.path("count"));
        return count == null || count < 0 ? Answer.UNTOLD : Answer.of(count > 0);
    }

    /** Missing where nothing is said: null says nothing in Terraform and in Kubernetes. */
    JsonNode value(String name) {
        return said(values.path(name));
    }

    static JsonNode said(JsonNode value) {
        return value.isNull() ? com.fasterxml.jackson.databind.node.MissingNode.getInstance() : value;
    }
}
