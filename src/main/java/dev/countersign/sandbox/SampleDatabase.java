package dev.countersign.sandbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.springframework.stereotype.Component;

/**
 * A sample database in memory for the sample service {@value #SERVICE}, and a scratch database of the same structure. Each candidate migrates the one when it is
 * deployed, and takes that back when it is withdrawn; so the way of a migration can be seen. Its data is made up.
 */
@InSandbox
@Component
final class SampleDatabase {
    static final String SERVICE = "inventory";
    static final String TARGET = "jdbc:h2:mem:countersign-sample-inventory";
    private static final String SCRATCH = TARGET + "-scratch";
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
    }

    /** As a service does that migrates its database when it starts. */
    void migrate(String service) {
        change(service, "alter table stock add column if not exists reserved integer default 0");
    }

    void goBack(String service) {
        change(service, "alter table stock drop column if exists reserved");
    }

    private static void change(String service, String statement) {
        if (SERVICE.equals(service)) {
            run(TARGET, statement);
        }
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
            throw new IllegalStateException("The sample database in memory does not work", impossible);
        }
    }
}
