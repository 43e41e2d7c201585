package dev.countersign.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.TestDatabase;
import dev.countersign.rollout.KillSwitch;
import java.io.IOException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What a kill switch has committed stands, whatever becomes of the flag and of the rung. */
@Tag("M6.1")
class FlagTests {
    private final DataSource database = TestDatabase.with();
    private final JdbcTemplate jdbc = new JdbcTemplate(database);
    private final JdbcTransactionManager transactions = new JdbcTransactionManager(database);
    private final TransactionTemplate rung = new TransactionTemplate(transactions);

    private Flag flag(KillSwitch killSwitch) {
        var beans = new DefaultListableBeanFactory();
        beans.registerSingleton("switch", killSwitch);
        return new Flag(beans.getBeanProvider(KillSwitch.class), transactions);
    }

    /** Ends the rollout in a transaction, and then its flag's system does not do what it is told. */
    private final class Stuck implements KillSwitch {
        @Override
        public boolean governs(String release) {
            return true;
        }

        @Override
        public void switchOff(String release) {
            new TransactionTemplate(transactions)
                    .executeWithoutResult(status -> jdbc.update("update epoch set number_ = number_ + 1"));
            throw new IllegalStateException("still on");
        }
    }

    @Test
    void the_end_of_a_rollout_stands_where_the_flag_stays_on_and_the_rung_is_rolled_back() {
        jdbc.execute("create table epoch (number_ int)");
        jdbc.execute("create table rung (number_ int)");
        jdbc.update("insert into epoch values (1)");
        Flag flag = flag(new Stuck());
        assertThatThrownBy(() -> rung.execute(status -> {
                    jdbc.update("insert into rung values (1)");
                    return off(flag);
                }))
                .hasMessageContaining("still on");
        assertThat(jdbc.queryForObject("select number_ from epoch", Integer.class))
                .isEqualTo(2);
        assertThat(jdbc.queryForObject("select count(*) from rung", Integer.class))
                .isZero();
    }

    private static Object off(Flag flag) {
        try {
            flag.off("checkout@2.0.0");
            return null;
        } catch (IOException unproven) {
            throw new IllegalStateException(unproven.getMessage(), unproven);
        }
    }
}
