package dev.countersign.rollout.haproxy;

import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** What the servers had counted when a share was set, for whichever node asks later what has arrived since. */
@Repository
class CounterStore {
    private final JdbcTemplate jdbc;

    CounterStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Setting the same share again begins nothing. */
    void begin(String service, double share, Map<String, Long> counted) {
        Integer same = jdbc.queryForObject(
                "select count(*) from haproxy_counter where service = ? and share = ?", Integer.class, service, share);
        if (same != null && same > 0) {
            return;
        }
        forget(service);
        jdbc.batchUpdate(
                "insert into haproxy_counter (service, server, share, requests) values (?, ?, ?, ?)",
                counted.entrySet().stream()
                        .map(each -> new Object[] {service, each.getKey(), share, each.getValue()})
                        .toList());
    }

    void forget(String service) {
        jdbc.update("delete from haproxy_counter where service = ?", service);
    }

    Map<String, Long> of(String service) {
        Map<String, Long> counted = new HashMap<>();
        jdbc.query(
                "select server, requests from haproxy_counter where service = ?",
                row -> {
                    counted.put(row.getString("server"), row.getLong("requests"));
                },
                service);
        return counted;
    }
}
