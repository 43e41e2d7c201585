package dev.countersign.catalog;

import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * The core schema of YAML 1.2 (section 10.3), which Backstage and OpenSLO tools read: {@code no}, {@code on} and dates are text.
 * Octal and hexadecimal numbers stay text too; no file of ours has any.
 */
final class CoreSchema extends Resolver {
    private static final Pattern NULL = Pattern.compile("~|null|Null|NULL|");
    private static final Pattern BOOL = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern INT = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(?:\\.[0-9]++|[0-9]++\\.?[0-9]*+)(?:[eE][-+]?[0-9]++|)");

    @Override
    public Tag resolve(NodeId kind, String value, boolean implicit) {
        if (kind != NodeId.scalar || !implicit) {
            return super.resolve(kind, value, false);
        }
        if (NULL.matcher(value).matches()) {
            return Tag.NULL;
        }
        if (BOOL.matcher(value).matches()) {
            return Tag.BOOL;
        }
        if (INT.matcher(value).matches()) {
            return Tag.INT;
        }
        return FLOAT.matcher(value).matches() ? Tag.FLOAT : Tag.STR;
    }
}
