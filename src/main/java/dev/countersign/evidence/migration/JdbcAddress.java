package dev.countersign.evidence.migration;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a database is, by the two drivers that there are. A driver's URL can make it load classes ({@code socketFactory}), run scripts ({@code INIT}) or log
 * into files: what may stand in one is listed, the rest is refused.
 */
record JdbcAddress(Product product, String url) {
    private static final Pattern H2 = Pattern.compile("jdbc:h2:"
            + "(mem:[A-Za-z0-9_.-]+|(tcp|ssl)://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[A-Za-z0-9_./~-]+|(file:)?[/.~A-Za-z0-9][A-Za-z0-9_./~-]*)"
            + "((;[A-Z_]+=[A-Za-z0-9_-]+)*)");
    private static final Pattern POSTGRESQL = Pattern.compile(
            "jdbc:postgresql://([A-Za-z0-9.-]+(:[0-9]{1,5})?)(,[A-Za-z0-9.-]+(:[0-9]{1,5})?)*/[A-Za-z0-9_.-]+([?]([A-Za-z]+=[A-Za-z0-9_./~-]+)(&[A-Za-z]+=[A-Za-z0-9_./~-]+)*)?");
    private static final Set<String> H2_SETTINGS = Set.of(
            "MODE",
            "ACCESS_MODE_DATA",
            "IFEXISTS",
            "LOCK_TIMEOUT",
            "DATABASE_TO_LOWER",
            "DATABASE_TO_UPPER",
            "CASE_INSENSITIVE_IDENTIFIERS",
            "AUTO_SERVER");
    private static final Set<String> POSTGRESQL_PARAMETERS = Set.of(
            "ssl",
            "sslmode",
            "sslrootcert",
            "sslcert",
            "sslkey",
            "channelBinding",
            "gssEncMode",
            "currentSchema",
            "targetServerType",
            "ApplicationName",
            "tcpKeepAlive");

    enum Product {
        H2,
        POSTGRESQL
    }

    /** @throws IllegalArgumentException where it names another driver, or a parameter that is not on the list */
    static JdbcAddress of(String url) {
        if (url != null && H2.matcher(url).matches()) {
            Matcher parts = H2.matcher(url);
            parts.matches();
            require(parts.group(5), ";", H2_SETTINGS);
            return new JdbcAddress(Product.H2, url);
        }
        if (url != null && POSTGRESQL.matcher(url).matches()) {
            int query = url.indexOf('?');
            require(query < 0 ? "" : url.substring(query + 1), "&", POSTGRESQL_PARAMETERS);
            return new JdbcAddress(Product.POSTGRESQL, url);
        }
        throw new IllegalArgumentException(
                "The database's URL must be jdbc:postgresql://host[:port]/name or jdbc:h2:…, with plain parameters, and without a user or password in it");
    }

    private static void require(String given, String separator, Set<String> known) {
        for (String pair : given.split(separator)) {
            String name = pair.split("=", 2)[0];
            if (!name.isEmpty() && !known.contains(name)) {
                throw new IllegalArgumentException("The parameter " + name
                        + " is not taken in a database's URL; known are " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    /** Opens exactly what the URL says; a database that is not there is never made. */
    Connection open(String user, String password, Properties more) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(more);
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        if (product == Product.POSTGRESQL) {
            return opened(new org.postgresql.Driver(), url, properties);
        }
        boolean said = Arrays.stream(url.split(";"))
                .anyMatch(part -> part.toUpperCase(Locale.ROOT).startsWith("IFEXISTS="));
        return opened(new org.h2.Driver(), said ? url : url + ";IFEXISTS=TRUE", properties);
    }

    private static Connection opened(Driver driver, String url, Properties properties) throws SQLException {
        Connection connection = driver.connect(url, properties);
        if (connection == null) {
            throw new SQLException("The driver does not know this kind of address");
        }
        return connection;
    }
}
