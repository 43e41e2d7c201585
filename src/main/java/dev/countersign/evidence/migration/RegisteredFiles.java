package dev.countersign.evidence.migration;

import dev.countersign.evidence.migration.JdbcAddress.Product;
import dev.countersign.evidence.migration.MigrationScripts.Named;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import liquibase.database.Database;
import liquibase.database.OfflineConnection;
import liquibase.database.core.H2Database;
import liquibase.database.core.PostgresDatabase;
import liquibase.exception.DatabaseException;
import liquibase.resource.AbstractResource;
import liquibase.resource.AbstractResourceAccessor;
import liquibase.resource.Resource;

/** What was registered, as the only files that Liquibase finds: neither the platform's classes nor a disk nor the net stands behind it. */
final class RegisteredFiles extends AbstractResourceAccessor {
    private final Map<String, String> files = new TreeMap<>();
    /** Far more often than a changelog is included, unless it includes itself. */
    private static final int OFTEN = 50;

    /** By its end Liquibase tells what it reads as a changelog, whether there is a dot or not. */
    private static final Pattern CHANGELOG = Pattern.compile("(?i).*(xml|ya?ml|json)");

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._/ -]+");

    private final Map<String, Integer> opened = new TreeMap<>();
    private final Budget read = new Budget("what its files read of each other becomes", 4L * MigrationScripts.LONGEST);

    /** @throws IllegalArgumentException where one of them must not come before Liquibase: it opens no file that was not looked through */
    RegisteredFiles(List<Named> named) {
        Budget written = new Budget("what they point to becomes", 4L * MigrationScripts.LONGEST);
        for (Named file : named) {
            requirePlain(file.name());
            if (isChangelog(file.name())) {
                written.spend(ChangelogScan.check(file), file.name());
            }
            if (files.put(file.name(), file.content()) != null) {
                throw new IllegalArgumentException("two files are named " + file.name());
            }
        }
    }

    static boolean isChangelog(String name) {
        return CHANGELOG.matcher(name).matches();
    }

    /** A name that could be asked for in two ways might be another file to Liquibase than to who looks through it. */
    static void requirePlain(String name) {
        if (!PLAIN.matcher(name).matches() || !clean(name).equals(name)) {
            throw new IllegalArgumentException(
                    shown(name) + " is no plain path: letters, digits, . _ - and spaces, with / between folders");
        }
    }

    private static String shown(String name) {
        return name.replaceAll("[^\\x20-\\x7E]", "?");
    }

    /** A database of the product that answers nothing: SQL is only written for it. */
    static Database database(Product product, RegisteredFiles files) throws DatabaseException {
        boolean postgresql = product == Product.POSTGRESQL;
        Database database = postgresql ? new PostgresDatabase() : new H2Database();
        database.setConnection(new OfflineConnection(
                postgresql ? "offline:postgresql?version=14.0" : "offline:h2?version=2.2.224", files));
        return database;
    }

    /** Names of the files that were read since this was asked last. */
    Set<String> opened() {
        Set<String> names = Set.copyOf(opened.keySet());
        opened.clear();
        return names;
    }

    @Override
    public List<Resource> search(String path, boolean recursive) {
        String folder = clean(path);
        String prefix = folder.isEmpty() || folder.endsWith("/") ? folder : folder + "/";
        return files.keySet().stream()
                .filter(name -> name.startsWith(prefix) && (recursive || name.indexOf('/', prefix.length()) < 0))
                .<Resource>map(Registered::new)
                .toList();
    }

    @Override
    public List<Resource> getAll(String path) {
        String name = clean(path);
        return files.containsKey(name) ? List.of(new Registered(name)) : List.of();
    }

    @Override
    public List<String> describeLocations() {
        return List.of("the registered files");
    }

    @Override
    public void close() {
        // There is nothing to close.
    }

    private static String clean(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part :
                path.replace('\\', '/').replaceFirst("^classpath:", "").split("/")) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }

    private final class Registered extends AbstractResource {
        Registered(String name) {
            super(name, URI.create("registered:" + name.replaceAll("[^A-Za-z0-9_./-]", "_")));
        }

        @Override
        public InputStream openInputStream() throws IOException {
            String content = files.get(getPath());
            if (content == null) {
                throw new IOException(getPath() + " is not among the registered files");
            }
            if (opened.merge(getPath(), 1, Integer::sum) > OFTEN) {
                throw new IllegalArgumentException(getPath() + " is read again and again: it includes itself");
            }
            read.spend(content.length(), getPath());
            return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public boolean exists() {
            return files.containsKey(getPath());
        }

        @Override
        public Resource resolve(String other) {
            return new Registered(clean(resolvePath(other)));
        }

        @Override
        public Resource resolveSibling(String other) {
            return new Registered(clean(resolveSiblingPath(other)));
        }
    }
}
