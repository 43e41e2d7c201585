package dev.countersign.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps what is to run through a restart. Written in a transaction of its own: what was done to a target stays done when the
 * caller's transaction is rolled back.
 */
@InSandbox
@Repository
class TargetStore {
    private static final String COLUMNS = "service, stable_version, stable_digest, stable_faults, candidate_version,"
            + " candidate_digest, candidate_faults, share";
    private final JdbcClient jdbc;
    private final TransactionTemplate own;
    private final ObjectMapper json;

    TargetStore(JdbcClient jdbc, PlatformTransactionManager transactions, ObjectMapper json) {
        this.jdbc = jdbc;
        this.json = json;
        this.own = new TransactionTemplate(transactions);
        own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    Optional<TargetState> find(String service) {
        return jdbc.sql("select " + COLUMNS + " from sandbox_target where service = ?")
                .param(service)
                .query((row, number) -> read(row))
                .optional();
    }

    void save(TargetState state) {
        own.executeWithoutResult(status -> {
            if (write(
                            "update sandbox_target set stable_version = :stableVersion, stable_digest = :stableDigest,"
                                    + " stable_faults = :stableFaults, candidate_version = :candidateVersion,"
                                    + " candidate_digest = :candidateDigest, candidate_faults = :candidateFaults,"
                                    + " share = :share where service = :service",
                            state)
                    == 0) {
                write(
                        "insert into sandbox_target (" + COLUMNS + ") values (:service, :stableVersion, :stableDigest,"
                                + " :stableFaults, :candidateVersion, :candidateDigest, :candidateFaults, :share)",
                        state);
            }
        });
    }

    private int write(String sql, TargetState state) {
        TargetState.Build candidate = state.candidate();
        return jdbc.sql(sql)
                .param("service", state.service())
                .param("stableVersion", state.stable().version())
                .param("stableDigest", state.stable().digest())
                .param("stableFaults", text(state.stableFaults()))
                .param("candidateVersion", candidate == null ? null : candidate.version(), java.sql.Types.VARCHAR)
                .param("candidateDigest", candidate == null ? null : candidate.digest(), java.sql.Types.VARCHAR)
                .param("candidateFaults", text(state.candidateFaults()))
                .param("share", state.share())
                .update();
    }

    private TargetState read(ResultSet row) throws SQLException {
        String candidate = row.getString("candidate_digest");
        return new TargetState(
                row.getString("service"),
                new TargetState.Build(row.getString("stable_version"), row.getString("stable_digest")),
                faults(row.getString("stable_faults")),
                candidate == null ? null : new TargetState.Build(row.getString("candidate_version"), candidate),
                faults(row.getString("candidate_faults")),
                row.getDouble("share"));
    }

    private String text(Faults faults) {
        try {
            return json.writeValueAsString(faults);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Faults faults(String text) {
        try {
            return json.readValue(text, Faults.class);
        } catch (JsonProcessingException damaged) {
            throw new IllegalStateException("Faults stored as " + text + " cannot be read", damaged);
        }
    }
}
