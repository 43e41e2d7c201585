package dev.countersign.observe;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.springframework.jdbc.core.BatchPreparedStatementSetter;

/** The rows of one batch. */
record Rows(int getBatchSize, Row row) implements BatchPreparedStatementSetter {
    @FunctionalInterface
    interface Row {
        void set(PreparedStatement statement, int index) throws SQLException;
    }

    @Override
    public void setValues(PreparedStatement statement, int index) throws SQLException {
        row.set(statement, index);
    }
}
