package dev.countersign.portfolio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.Statements;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.catalog.ServiceFacts;
import dev.countersign.release.Release;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@Tag("M8.2")
@CountedTest
class ReleaseListStatementsTests {
    @Autowired
    private ReleaseSearch search;

    @Autowired
    private OpenTasks tasks;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private Catalog catalog;

    @Autowired
    private ObjectProvider<ServiceFacts> serviceFacts;

    @Autowired
    private Statements statements;

    @BeforeEach
    void empty() {
        jdbc.sql("delete from release where version like '0.0.%'").update();
    }

    @Test
    void the_list_takes_as_many_statements_for_fifty_rows_as_for_one() {
        add(1);
        long one = statements();
        add(49);
        long fifty = statements();
        assertThat(fifty).isEqualTo(one).isEqualTo(3);
    }

    @Test
    void a_text_finds_by_key_and_summary_and_takes_signs_literally() {
        add(3);
        assertThat(found("NUMBER 1")).containsExactly("checkout@0.0.1");
        assertThat(found("@0.0.2")).containsExactly("checkout@0.0.2");
        assertThat(found("%")).isEmpty();
        assertThat(found("_")).isEmpty();
    }

    @Test
    @Tag("M8.3")
    void the_list_of_services_takes_as_many_statements_for_all_of_them_as_for_one() {
        List<String> all = catalog.services().stream().map(Service::name).toList();
        assertThat(all).hasSizeGreaterThan(10);
        assertThat(statementsOfServices(all))
                .isEqualTo(statementsOfServices(List.of("checkout")))
                .isEqualTo(2);
    }

    private long statementsOfServices(List<String> services) {
        long before = asked();
        List<Map<String, Map<String, Object>>> facts = serviceFacts
                .orderedStream()
                .map(source -> source.inShort(services))
                .filter(known -> !known.isEmpty())
                .toList();
        assertThat(facts).allSatisfy(known -> assertThat(known).containsOnlyKeys(services));
        return asked() - before;
    }

    private long asked() {
        statements.on();
        return statements.of(table -> true).statements();
    }

    private List<String> found(String text) {
        return search
                .find(new ReleaseSearch.Wanted(null, null, null, null, null, null, text, null, null))
                .releases()
                .stream()
                .map(Release::key)
                .toList();
    }

    private long statements() {
        int known = count();
        long before = asked();
        var found = search.find(new ReleaseSearch.Wanted(null, null, null, null, null, null, "Number", null, 200));
        assertThat(found.releases()).hasSize(known);
        tasks.ofAll(found.releases().stream().map(Release::key).toList());
        return asked() - before;
    }

    private int count() {
        return jdbc.sql("select count(*) from release where version like '0.0.%'")
                .query(Integer.class)
                .single();
    }

    private void add(int releases) {
        int known = count();
        for (int i = known; i < known + releases; i++) {
            OffsetDateTime at =
                    Instant.parse("2026-11-24T08:00:00Z").plusSeconds(i).atOffset(ZoneOffset.UTC);
            jdbc.sql(
                            "insert into release (key_, service, version, attempt, kind, state, state_since, closed, requested_by,"
                                    + " summary, environment, commit_, authors, artifacts, changes, depends_on, success_metrics, opened_at)"
                                    + " values (?, 'checkout', ?, 1, 'standard', 'GATES', ?, false, 'ci', ?,"
                                    + " 'production', '6dcb', '[]', '[]', '{}', '[]', '[]', ?)")
                    .params("checkout@0.0." + i, "0.0." + i, at, "Number " + i, at)
                    .update();
        }
    }
}
