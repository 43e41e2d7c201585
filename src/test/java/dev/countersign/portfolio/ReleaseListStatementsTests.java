package dev.countersign.portfolio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.DatabaseTest;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.catalog.ServiceFacts;
import dev.countersign.release.Release;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.QueryCountHolder;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

@Tag("M8.2")
@DatabaseTest
@Import(ReleaseListStatementsTests.Counted.class)
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

    @TestConfiguration(proxyBeanMethods = false)
    static class Counted {
        @Bean
        static BeanPostProcessor countStatements() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof DataSource source
                            ? ProxyDataSourceBuilder.create(source).countQuery().build()
                            : bean;
                }
            };
        }
    }

    @BeforeEach
    void empty() {
        jdbc.sql("delete from release").update();
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
        QueryCountHolder.clear();
        List<Map<String, Map<String, Object>>> facts = serviceFacts
                .orderedStream()
                .map(source -> source.inShort(services))
                .filter(known -> !known.isEmpty())
                .toList();
        assertThat(facts).allSatisfy(known -> assertThat(known).containsOnlyKeys(services));
        return QueryCountHolder.getGrandTotal().getTotal();
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
        QueryCountHolder.clear();
        var found = search.find(new ReleaseSearch.Wanted(null, null, null, null, null, null, null, null, 200));
        tasks.ofAll(found.releases().stream().map(Release::key).toList());
        return QueryCountHolder.getGrandTotal().getTotal();
    }

    private void add(int releases) {
        int known =
                jdbc.sql("select count(*) from release").query(Integer.class).single();
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
