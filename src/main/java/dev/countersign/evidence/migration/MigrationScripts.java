package dev.countersign.evidence.migration;

import dev.countersign.evidence.migration.JdbcAddress.Product;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Scripts that bring a database forward, and back. Kinds are told by their names and beginnings: Flyway's versioned, undo and repeatable files ({@code V2__x.sql},
 * {@code U2__x.sql}, {@code R__x.sql}; the last run behind the others, and nothing undoes them), plain pairs ({@code 2-x.up.sql}, {@code 2-x.down.sql}), and Liquibase's formatted SQL with a {@code --rollback} of each change; its changelogs in XML, YAML and
 * JSON are {@link Changelog}'s.
 *
 * @param up in the order in which they run
 * @param down in the order in which they run back
 * @param irreversible names of what has no way back
 */
record MigrationScripts(List<Script> up, List<Script> down, List<String> irreversible) {
    private static final Pattern FLYWAY =
            Pattern.compile("(?:.*/)?([VU])([0-9]+(?:[._][0-9]+)*)__[A-Za-z0-9_. -]+[.]sql");
    private static final Pattern REPEATABLE = Pattern.compile("(?:.*/)?R__([A-Za-z0-9_. -]+)[.]sql");
    private static final Pattern PLAIN = Pattern.compile("((?:.*/)?[A-Za-z0-9][A-Za-z0-9_.-]*)[.](up|down)[.]sql");
    private static final Pattern FORMATTED = Pattern.compile("(?is)--\\s*liquibase\\s+formatted\\s+sql\\b.*");
    private static final Pattern BLOCK = Pattern.compile("(?i)/\\*\\s*liquibase\\s+rollback\\b(.*)");
    private static final Pattern CHANGE = Pattern.compile("--\\s*changeset\\s+(\\S+:\\S+)\\s*");
    private static final Pattern BACK = Pattern.compile("--\\s*rollback\\s+(.*)");
    private static final Pattern CHANGESET = Pattern.compile("(?i)--\\s*changeset\\s.*");
    private static final Pattern ORDER = Pattern.compile(
            "(?i)--\\s*(precondition|property\\s|ignore(lines)?[:\\s]|validchecksum|rollback\\s+(empty|not required|changesetid)|rollbacksqlfile|runwith).*");
    private static final String OPEN = "-- precondition not asked: ";
    static final int MOST = 100;
    static final int LONGEST = 1 << 20;

    /** @param direction {@code up} or {@code down} */
    record Script(String name, String direction, String content) {
        /** What only the target can tell of whether it runs; null where nothing is open. */
        String condition() {
            return direction.equals("up") && content.startsWith(OPEN)
                    ? content.lines().findFirst().orElse(content).substring(OPEN.length())
                    : null;
        }

        String sha256() {
            return hex(content);
        }
    }

    /** As registered. */
    record Named(String name, String content) {}

    /**
     * @param product of the database that they are for
     * @throws IllegalArgumentException where they are of no kind, of two kinds, or one undoes nothing
     */
    static MigrationScripts of(List<Named> files, Product product) {
        return of(files, product, Deployment.UNSAID);
    }

    /** @param deployment what of a changelog it runs: other scripts it runs all */
    static MigrationScripts of(List<Named> files, Product product, Deployment deployment) {
        require(!files.isEmpty(), "there is no script");
        require(files.size() <= MOST, "there are more than " + MOST + " scripts");
        require(
                files.stream().mapToLong(file -> file.content().length()).sum() <= LONGEST,
                "the scripts have more than " + LONGEST + " characters");
        Set<String> names = new HashSet<>();
        for (Named file : files) {
            RegisteredFiles.requirePlain(file.name());
            require(names.add(file.name()), "two scripts are named " + file.name());
            require(!file.content().isBlank(), file.name() + " is empty");
        }
        if (Changelog.isOne(files)) {
            return Changelog.of(files, product, deployment);
        }
        boolean formatted = files.stream().allMatch(MigrationScripts::isFormatted);
        require(formatted || deployment.isUnsaid(), "contexts and labels are those of changelogs, and there is none");
        if (files.stream()
                .allMatch(file -> FLYWAY.matcher(file.name()).matches()
                        || REPEATABLE.matcher(file.name()).matches())) {
            return flyway(files);
        }
        if (files.stream().allMatch(file -> PLAIN.matcher(file.name()).matches())) {
            return paired(files, PLAIN, 1, 2, "up");
        }
        require(
                formatted,
                "they are neither V…__….sql, U…__….sql and R__….sql, nor ….up.sql and ….down.sql, nor begin with --liquibase formatted sql, nor hold a changelog in XML, YAML or JSON");
        return deployment.isUnsaid() && files.stream().allMatch(MigrationScripts::isPlain)
                ? liquibase(files)
                : Changelog.of(files, product, deployment);
    }

    private static boolean isFormatted(Named file) {
        return FORMATTED.matcher(file.content().strip()).matches();
    }

    /** Changesets without attributes, preconditions or other orders to Liquibase: their text is what runs. */
    private static boolean isPlain(Named file) {
        return file.content()
                .lines()
                .map(String::strip)
                .noneMatch(line -> ORDER.matcher(line).matches()
                        || (CHANGESET.matcher(line).matches()
                                && !CHANGE.matcher(line).matches()));
    }

    /** Before the SQL of a change, what of its preconditions only the target can tell: the rehearsal runs it as if they held. */
    static String said(String sql, String... open) {
        String conditions = Stream.of(open)
                .filter(one -> one != null)
                .map(one -> one.replaceAll("\\s+", " "))
                .collect(Collectors.joining("; "));
        return conditions.isEmpty() ? sql : OPEN + conditions + "\n" + sql;
    }

    /** What was said so, by the names of the changes. */
    List<String> conditions() {
        return up.stream()
                .filter(script -> script.condition() != null)
                .map(script -> script.name() + " " + script.condition())
                .toList();
    }

    private static MigrationScripts flyway(List<Named> files) {
        List<Named> versioned = files.stream()
                .filter(file -> FLYWAY.matcher(file.name()).matches())
                .toList();
        Map<String, Script> repeated = new TreeMap<>();
        files.stream().filter(file -> !versioned.contains(file)).forEach(file -> {
            Matcher name = REPEATABLE.matcher(file.name());
            name.matches();
            Script other = repeated.put(name.group(1), new Script(file.name(), "up", file.content()));
            require(other == null, file.name() + " and " + (other == null ? "" : other.name()) + " are the same step");
        });
        MigrationScripts first = versioned.isEmpty()
                ? new MigrationScripts(List.of(), List.of(), List.of())
                : paired(versioned, FLYWAY, 2, 1, "V");
        return new MigrationScripts(
                Stream.concat(first.up().stream(), repeated.values().stream()).toList(),
                first.down(),
                Stream.concat(
                                first.irreversible().stream(),
                                repeated.values().stream().map(Script::name))
                        .toList());
    }

    private static MigrationScripts paired(
            List<Named> files, Pattern pattern, int keyGroup, int directionGroup, String up) {
        Map<String, Script> forward = new HashMap<>();
        Map<String, Script> back = new HashMap<>();
        for (Named file : files) {
            Matcher name = pattern.matcher(file.name());
            name.matches();
            boolean forwards = name.group(directionGroup).equals(up);
            String key = name.group(keyGroup).replace('_', '.');
            Script other = (forwards ? forward : back)
                    .put(key, new Script(file.name(), forwards ? "up" : "down", file.content()));
            require(other == null, file.name() + " and " + (other == null ? "" : other.name()) + " are the same step");
        }
        require(!forward.isEmpty(), "no script leads forward");
        back.keySet()
                .forEach(key -> require(forward.containsKey(key), back.get(key).name() + " undoes nothing"));
        List<String> keys = forward.keySet().stream()
                .sorted(pattern == FLYWAY ? MigrationScripts::byVersion : Comparator.naturalOrder())
                .toList();
        List<String> backwards = new ArrayList<>(keys);
        Collections.reverse(backwards);
        return new MigrationScripts(
                keys.stream().map(forward::get).toList(),
                backwards.stream().filter(back::containsKey).map(back::get).toList(),
                keys.stream()
                        .filter(key -> !back.containsKey(key))
                        .map(key -> forward.get(key).name())
                        .toList());
    }

    private static int byVersion(String one, String other) {
        String[] a = one.split("[.]");
        String[] b = other.split("[.]");
        for (int i = 0; i < Math.max(a.length, b.length); i++) {
            int compared = new java.math.BigInteger(i < a.length ? a[i] : "0")
                    .compareTo(new java.math.BigInteger(i < b.length ? b[i] : "0"));
            if (compared != 0) {
                return compared;
            }
        }
        return 0;
    }

    private static MigrationScripts liquibase(List<Named> files) {
        List<Script> up = new ArrayList<>();
        List<Script> down = new ArrayList<>();
        List<String> irreversible = new ArrayList<>();
        files.stream().sorted(Comparator.comparing(Named::name)).forEach(file -> {
            String change = null;
            StringBuilder forward = new StringBuilder();
            StringBuilder back = new StringBuilder();
            for (String line : (withoutBlocks(file) + "\n--changeset end:end")
                    .lines()
                    .skip(1)
                    .toList()) {
                Matcher begins = CHANGE.matcher(line.strip());
                Matcher undoes = BACK.matcher(line.strip());
                if (begins.matches()) {
                    if (change != null) {
                        String name = file.name() + "#" + change;
                        require(!forward.toString().isBlank(), name + " is empty");
                        up.add(new Script(name, "up", forward.toString()));
                        if (back.isEmpty()) {
                            irreversible.add(name);
                        } else {
                            down.add(0, new Script(name, "down", back.toString()));
                        }
                    }
                    change = begins.group(1);
                    forward.setLength(0);
                    back.setLength(0);
                } else if (undoes.matches()) {
                    require(
                            !undoes.group(1).matches("(?i)(empty|not required|changesetid.*)"),
                            file.name() + ": only SQL is read after --rollback");
                    back.append(undoes.group(1)).append('\n');
                } else if (line.strip().startsWith("--")
                        && !line.strip().substring(2).isBlank()
                        && line.strip()
                                .substring(2)
                                .strip()
                                .matches("(?i)(preconditions|changeset|property|ignore|validcheck).*")) {
                    throw new IllegalArgumentException(file.name()
                            + ": only changesets without attributes, their SQL and --rollback are read, not "
                            + line.strip());
                } else if (!line.strip().startsWith("--")) {
                    require(line.isBlank() || change != null, file.name() + ": SQL before the first changeset");
                    forward.append(line).append('\n');
                }
            }
        });
        require(!up.isEmpty(), "no script leads forward");
        return new MigrationScripts(List.copyOf(up), List.copyOf(down), List.copyOf(irreversible));
    }

    /** A way back may be written as a block of lines: each as if it stood behind its own {@code --rollback}. */
    private static String withoutBlocks(Named file) {
        StringBuilder lines = new StringBuilder();
        boolean inside = false;
        for (String line : file.content().strip().lines().toList()) {
            Matcher begins = BLOCK.matcher(line.strip());
            boolean first = !inside && begins.matches();
            if (!inside && !first) {
                lines.append(line).append('\n');
                continue;
            }
            String text = first ? begins.group(1).strip() : line.strip();
            require(
                    !first || !text.matches("(?i)rollback\\w+:.*"),
                    file.name() + ": attributes of a rollback are not read: " + text);
            inside = !text.endsWith("*/");
            String sql = (inside ? text : text.substring(0, text.length() - 2)).strip();
            if (!sql.isEmpty() && !sql.startsWith("--")) {
                lines.append("--rollback ").append(sql).append('\n');
            }
        }
        require(!inside, file.name() + ": a block of a rollback has no end");
        return lines.toString().strip();
    }

    /** As they were registered: what has no way back is told by its name. */
    static MigrationScripts stored(List<Script> scripts) {
        List<Script> up = scripts.stream()
                .filter(script -> script.direction().equals("up"))
                .toList();
        List<Script> down = scripts.stream()
                .filter(script -> script.direction().equals("down"))
                .toList();
        Set<String> undone = down.stream().map(script -> step(script.name())).collect(Collectors.toSet());
        return new MigrationScripts(
                up,
                down,
                up.stream()
                        .map(Script::name)
                        .filter(name -> !undone.contains(step(name)))
                        .toList());
    }

    /** What a script and the one that undoes it have in common. */
    private static String step(String name) {
        Matcher flyway = FLYWAY.matcher(name);
        if (flyway.matches()) {
            return flyway.group(2).replace('_', '.');
        }
        Matcher plain = PLAIN.matcher(name);
        return plain.matches() ? plain.group(1) : name;
    }

    List<Script> all() {
        return Stream.concat(up.stream(), down.stream()).toList();
    }

    /** {@code sha256:…} over name, direction and digest of each, in their order. */
    String digest() {
        return "sha256:"
                + hex(all().stream()
                        .map(script -> script.direction() + " " + script.name() + " " + script.sha256() + "\n")
                        .collect(Collectors.joining()));
    }

    private static String hex(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
