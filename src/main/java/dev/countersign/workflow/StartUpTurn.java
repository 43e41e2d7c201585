package dev.countersign.workflow;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.stereotype.Component;

/**
 * One node at a time prepares the database. What a start does there (schema, models, grants, filters) checks first and writes afterwards, so two nodes that start together
 * on an empty database would both write, and one of them would fail. The first takes a PostgreSQL advisory lock when its connection pool is made, before anything else asks
 * the database, and gives it back when it is ready; the others wait. A node that dies loses its connection and with it the lock.
 *
 * <p>H2 needs none: its file belongs to one process.
 */
@Component
class StartUpTurn implements BeanPostProcessor, ApplicationListener<ApplicationReadyEvent>, DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(StartUpTurn.class);
    /** Any number that nobody else uses in this database. */
    private static final String KEY = "4859230164172107379";

    private Connection turn;

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof DataSource database) {
            try {
                take(database);
            } catch (SQLException failure) {
                throw new BeanCreationException(
                        name,
                        "The database cannot be prepared: it does not answer, or another node has been preparing it for more than 10 minutes",
                        failure);
            }
        }
        return bean;
    }

    private synchronized void take(DataSource database) throws SQLException {
        if (turn != null) {
            return;
        }
        Connection connection = database.getConnection();
        boolean taken = false;
        try {
            if ("PostgreSQL".equals(connection.getMetaData().getDatabaseProductName())) {
                await(connection);
                turn = connection;
                taken = true;
            }
        } finally {
            if (!taken) {
                connection.close();
            }
        }
    }

    private static void await(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set lock_timeout = '10min'");
            LOG.info("Waiting for this node's turn to prepare the database");
            statement.execute("select pg_advisory_lock(" + KEY + ")");
        }
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent ready) {
        give();
    }

    @Override
    public void destroy() {
        give();
    }

    private synchronized void give() {
        if (turn == null) {
            return;
        }
        try (Connection connection = turn;
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_advisory_unlock(" + KEY + ")");
            statement.execute("reset lock_timeout");
        } catch (SQLException failure) {
            // The lock goes with the connection, and the connection is gone.
            LOG.warn("The turn to prepare the database was not given back in order", failure);
        } finally {
            turn = null;
        }
    }
}
