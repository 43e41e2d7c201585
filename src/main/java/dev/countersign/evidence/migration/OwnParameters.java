package dev.countersign.evidence.migration;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import liquibase.ContextExpression;
import liquibase.Labels;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.Database;

/** Parameters of a changelog are its own properties: the environment of this process, where secrets stand, gives none. */
final class OwnParameters extends ChangeLogParameters {
    private static final int MOST = 1000;
    private static final int DEEPEST = 50;
    /** What looking one up counts for, however short it is: each is compared with every property. */
    private static final int LOOK_UP = 64;

    private final Set<String> ofThisProcess = ofThisProcess();
    /** Properties may be made of properties, each twice the last: what is put in for them all together is bounded. */
    private final Budget given;

    private int properties;

    OwnParameters(Database database, Budget given) {
        super(database);
        this.given = given;
    }

    @Override
    public void set(
            String name,
            Object value,
            ContextExpression contexts,
            Labels labels,
            String databases,
            boolean global,
            DatabaseChangeLog changelog) {
        if (++properties > MOST) {
            throw new IllegalArgumentException(fileOf(changelog) + ": there are more than " + MOST + " properties");
        }
        super.set(name, value, contexts, labels, databases, global, changelog);
    }

    /** Instead of Liquibase's own way, which keeps every value that it ever put in. */
    @Override
    public String expandExpressions(String text, DatabaseChangeLog changelog) {
        return text == null ? null : expanded(text, changelog, 0);
    }

    private String expanded(String text, DatabaseChangeLog changelog, int depth) {
        if (!text.contains("${")) {
            return text;
        }
        // What is read now is on top: the text itself, or a name within it, of which a part may be a parameter again.
        Deque<StringBuilder> open = new ArrayDeque<>(List.of(new StringBuilder()));
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("${", i)) {
                open.push(new StringBuilder());
                i++;
                if (depth + open.size() > DEEPEST) {
                    throw new IllegalArgumentException(
                            fileOf(changelog) + ": parameters stand within parameters more than " + DEEPEST + " times");
                }
            } else if (text.charAt(i) == '}' && open.size() > 1) {
                String name = open.pop().toString();
                open.element().append(valueOf(name, changelog, depth));
            } else {
                open.element().append(text.charAt(i));
            }
        }
        while (open.size() > 1) {
            StringBuilder neverEnds = open.pop();
            open.element().append("${").append(neverEnds);
        }
        return open.element().toString();
    }

    private String valueOf(String name, DatabaseChangeLog changelog, int depth) {
        Object value = getValue(name.strip(), changelog);
        if (value == null) {
            return "${" + name + "}";
        }
        return value instanceof String text ? expanded(text, changelog, depth + 1) : value.toString();
    }

    @Override
    public Object getValue(String name, DatabaseChangeLog changelog) {
        refuse(name);
        Object value = super.getValue(name, changelog);
        given.spend(LOOK_UP + (value == null ? 0 : value.toString().length()), fileOf(changelog));
        return value;
    }

    @Override
    public Object getLocalValue(String name, ChangeSet set) {
        refuse(name);
        return super.getLocalValue(name, set);
    }

    @Override
    public boolean hasValue(String name, DatabaseChangeLog changelog) {
        refuse(name);
        return super.hasValue(name, changelog);
    }

    /** They would win over a property of the same name. */
    private void refuse(String name) {
        if (ofThisProcess.contains(name.strip().toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "the parameter ${" + name + "} has a name that the platform keeps to itself");
        }
    }

    private static String fileOf(DatabaseChangeLog changelog) {
        return changelog == null ? "the changelog" : changelog.getPhysicalFilePath();
    }

    private static Set<String> ofThisProcess() {
        Set<String> names = new TreeSet<>();
        System.getenv().keySet().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        System.getProperties().stringPropertyNames().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }
}
