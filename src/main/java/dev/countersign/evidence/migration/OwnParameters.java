package dev.countersign.evidence.migration;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.Database;

/** Parameters of a changelog are its own properties: the environment of this process, where secrets stand, gives none. */
final class OwnParameters extends ChangeLogParameters {
    /** Properties may be made of properties, each twice the last: what is put in for them all together is bounded. */
    private static final long MOST = 1 << 22;

    private long given;

    OwnParameters(Database database) {
        super(database);
    }

    @Override
    public Object getValue(String name, DatabaseChangeLog changelog) {
        refuse(name);
        Object value = super.getValue(name, changelog);
        given += value == null ? 0 : value.toString().length();
        if (given > MOST) {
            throw new IllegalArgumentException("its properties become more than " + MOST + " characters");
        }
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
    private static void refuse(String name) {
        if (ofThisProcess().contains(name.strip().toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "the parameter ${" + name + "} has a name that the platform keeps to itself");
        }
    }

    private static Set<String> ofThisProcess() {
        Set<String> names = new TreeSet<>();
        System.getenv().keySet().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        System.getProperties().stringPropertyNames().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }
}
