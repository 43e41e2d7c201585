package dev.countersign.evidence.migration;

import java.util.List;
import java.util.Optional;
import liquibase.ContextExpression;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.filter.ContextChangeSetFilter;
import liquibase.changelog.filter.LabelChangeSetFilter;
import liquibase.database.Database;
import liquibase.database.DatabaseList;
import liquibase.precondition.Precondition;
import liquibase.precondition.core.AndPrecondition;
import liquibase.precondition.core.DBMSPrecondition;
import liquibase.precondition.core.NotPrecondition;
import liquibase.precondition.core.OrPrecondition;
import liquibase.precondition.core.PreconditionContainer;
import liquibase.precondition.core.PreconditionContainer.FailOption;

/**
 * What of a changelog a deployment runs, by Liquibase's own rules. What only the target can tell is not guessed: it is said.
 *
 * @param contexts those that the deployment names ({@code --contexts}); empty where it names none, null where nobody said so
 * @param labels its filter of labels ({@code --label-filter}), likewise
 */
record Deployment(String contexts, String labels) {
    static final Deployment UNSAID = new Deployment(null, null);

    boolean isUnsaid() {
        return contexts == null && labels == null;
    }

    /** Whether it is run, by its contexts, its labels and whether it is to be ignored. */
    boolean runs(String name, ChangeSet set) {
        if (set.isIgnore()) {
            return false;
        }
        boolean hasContexts = isSome(set.getContextFilter())
                || set.getInheritableContextFilter().stream().anyMatch(Deployment::isSome);
        require(
                !hasContexts || contexts != null,
                name + " runs in some contexts only (" + set.buildFullContext()
                        + "): say by contexts which the deployment names, and leave them empty where it names none");
        boolean hasLabels = !set.getLabels().isEmpty()
                || set.getInheritableLabels().stream().anyMatch(labels -> !labels.isEmpty());
        require(
                !hasLabels || labels != null,
                name + " has labels (" + set.buildFullLabels()
                        + "): say by labels how the deployment filters them, and leave it empty where it does not");
        return (!hasContexts
                        || new ContextChangeSetFilter(new Contexts(contexts))
                                .accepts(set)
                                .isAccepted())
                && (!hasLabels
                        || new LabelChangeSetFilter(new LabelExpression(labels))
                                .accepts(set)
                                .isAccepted());
    }

    private static boolean isSome(ContextExpression expression) {
        return expression != null && !expression.isEmpty();
    }

    /** @param runs false where the deployment leaves it out
     *  @param open what only the target can tell, in words; null where nothing is open */
    record Condition(boolean runs, String open) {
        private static final Condition NONE = new Condition(true, null);
    }

    /** @throws IllegalArgumentException where it would end the deployment on this product */
    static Condition condition(String name, PreconditionContainer conditions, Database database) {
        if (conditions == null
                || conditions.getNestedPreconditions().isEmpty()
                || conditions.getOnFail() == FailOption.WARN) {
            return Condition.NONE;
        }
        Optional<Boolean> holds = holds(conditions, database);
        FailOption otherwise = conditions.getOnFail() == null ? FailOption.HALT : conditions.getOnFail();
        if (holds.isEmpty()) {
            return new Condition(true, "runs where %s, else %s".formatted(words(conditions), words(otherwise)));
        }
        require(
                holds.get() || otherwise != FailOption.HALT,
                name + ": its preconditions end the deployment on " + database.getShortName());
        return holds.get() ? Condition.NONE : new Condition(false, null);
    }

    private static String words(FailOption otherwise) {
        return switch (String.valueOf(otherwise)) {
            case "MARK_RAN" -> "it is left out for ever";
            case "CONTINUE" -> "it is left out until the next time";
            default -> "the deployment ends there";
        };
    }

    /** Empty where only the target can tell. */
    private static Optional<Boolean> holds(Precondition one, Database database) {
        if (one instanceof DBMSPrecondition product) {
            return Optional.of(DatabaseList.definitionMatches(product.getType(), database, false));
        }
        if (one instanceof NotPrecondition none) {
            return any(none.getNestedPreconditions(), true, database).map(held -> !held);
        }
        if (one instanceof OrPrecondition some) {
            return any(some.getNestedPreconditions(), true, database);
        }
        if (one instanceof AndPrecondition all) {
            return any(all.getNestedPreconditions(), false, database).map(failed -> !failed);
        }
        return Optional.empty();
    }

    /** Whether some of them is so; empty where one that cannot be told decides it. */
    private static Optional<Boolean> any(List<Precondition> nested, boolean so, Database database) {
        boolean open = false;
        for (Precondition one : nested) {
            Optional<Boolean> held = holds(one, database);
            if (held.filter(value -> value == so).isPresent()) {
                return Optional.of(true);
            }
            open |= held.isEmpty();
        }
        return open ? Optional.empty() : Optional.of(false);
    }

    private static String words(Precondition one) {
        if (one instanceof NotPrecondition none) {
            return "not (" + joined(none.getNestedPreconditions(), " or ") + ")";
        }
        if (one instanceof OrPrecondition some) {
            return "(" + joined(some.getNestedPreconditions(), " or ") + ")";
        }
        return one instanceof AndPrecondition all ? joined(all.getNestedPreconditions(), " and ") : one.getName();
    }

    private static String joined(List<Precondition> nested, String by) {
        return String.join(by, nested.stream().map(Deployment::words).toList());
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
