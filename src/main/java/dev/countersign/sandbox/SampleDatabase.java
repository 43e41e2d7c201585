package dev.countersign.sandbox;

import dev.countersign.rollout.Staging;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import org.springframework.stereotype.Component;

/**
 * A sample database in memory for the sample service {@value #SERVICE}, and a scratch database of the same structure. Each candidate migrates the one when it is
 * deployed. It stays migrated when the candidate is withdrawn: only the script of the way back takes it down. Staging has its own. The data is made up.
 */
@InSandbox
@Component
final class SampleDatabase {
    static final String SERVICE = "inventory";
    static final String TARGET = "jdbc:h2:mem:countersign-sample-inventory";
    private static final String SCRATCH = TARGET + "-scratch";
    private static final String STAGING = TARGET + "-staging";
    private static final String[] LAYOUT = {
        "set db_close_delay -1",
        "create user if not exists reader password 'sample'",
        "grant select on schema public to reader",
        "create user if not exists builder password 'sample'",
        "grant alter any schema to builder",
        "create table if not exists article (id integer primary key, name varchar(50) not null)",
        "create table if not exists stock (article_id integer primary key, amount integer not null)",
        "merge into article key (id) values (1, 'Sample lamp'), (2, 'Sample chair')",
        "merge into stock key (article_id) values (1, 40), (2, 2)"
    };

    SampleDatabase() {
        run(TARGET, LAYOUT);
        run(SCRATCH, LAYOUT);
        run(STAGING, LAYOUT);
    }

    /** As a service does that migrates its database when it starts. */
    void migrate(String place) {
        urlOf(place)
                .ifPresent(url -> run(url, "alter table stock add column if not exists reserved integer default 0"));
    }

    /** Runs a script of the way back. @throws IOException where the place has no database, or the script fails */
    void execute(String place, String script) throws IOException {
        String url = urlOf(place).orElseThrow(() -> new IOException(place + " has no database"));
        try {
            run(url, script);
        } catch (IllegalStateException failed) {
            throw new IOException("the script fails: " + failed.getCause().getMessage(), failed);
        }
    }

    private static Optional<String> urlOf(String place) {
        if (place.equals(SERVICE)) {
            return Optional.of(TARGET);
        }
        return place.equals(Staging.of(SERVICE)) ? Optional.of(STAGING) : Optional.empty();
    }

    private static void run(String url, String... statements) {
        Properties owner = new Properties();
        owner.setProperty("user", "sa");
        try (Connection connection = new org.h2.Driver().connect(url, owner);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException impossible) {
            throw new IllegalStateException("The sample database in memory does not do it", impossible);
        }
    }
}
