package dev.countersign.notice;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.transaction.support.TransactionTemplate;

/** The module on a database in memory, with a clock that the test sets. */
final class NoticeFixture extends Clock implements People, AutoCloseable {
    static final MailSettings SETTINGS = new MailSettings(
            "countersign@example.org",
            Duration.ofSeconds(30),
            Duration.ofMinutes(15),
            Duration.ofDays(5),
            Duration.ofSeconds(2));

    private final Map<String, Person> people = Stream.of(
                    new Person("qa", "Quality \"Q\" Assurance", "qa@example.org", Set.of("qa", "release-manager")),
                    new Person("qa-2", "Second", "qa-2@example.org", Set.of("qa")),
                    new Person("nobody", "Nobody", null, Set.of("support")))
            .collect(java.util.stream.Collectors.toMap(Person::id, person -> person));
    private final EmbeddedDatabase database = new EmbeddedDatabaseBuilder()
            .setType(EmbeddedDatabaseType.H2)
            .generateUniqueName(true)
            .addScripts(
                    "db/migration/V10__audit.sql",
                    "db/migration/V80__notice.sql",
                    "db/migration/V116__mail_addresses.sql")
            .build();
    /** What is told in memory. */
    final List<Object> told = new ArrayList<>();

    final JdbcClient jdbc = JdbcClient.create(database);
    final TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(database));
    final MailStore store = new MailStore(
            jdbc, JsonMapper.builder().addModule(new JavaTimeModule()).build());
    final StoredNotices notices = new StoredNotices(
            store,
            SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(database))
                    .build(),
            this,
            told::add,
            "https://countersign.example/");
    final MailServer server;
    final MailDispatch dispatch;
    private Instant now = Instant.parse("2026-11-23T09:00:00Z");

    /** @param port null for no mail server */
    NoticeFixture(Integer port, boolean sandbox) {
        server = new MailServer(
                new StaticListableBeanFactory(port == null ? Map.of() : Map.of("sender", sender(port)))
                        .getBeanProvider(JavaMailSender.class),
                SETTINGS,
                this);
        dispatch = new MailDispatch(store, server, SETTINGS, this, this, transaction, sandbox);
    }

    private static JavaMailSender sender(int port) {
        var sender = new JavaMailSenderImpl();
        sender.setHost("127.0.0.1");
        sender.setPort(port);
        return sender;
    }

    /** Stores a notice and returns the id of its mail. */
    long mail(Notices.Notice notice) {
        notices.mail(notice);
        return jdbc.sql("select max(id) from mail").query(Long.class).single();
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Person> find(String id) {
        return Optional.ofNullable(people.get(id));
    }

    @Override
    public Optional<Person> known(String idOrAddress) {
        return find(idOrAddress);
    }

    @Override
    public List<Addressee> inGroups(Collection<String> groups) {
        return people.values().stream()
                .filter(person -> person.groups().stream().anyMatch(groups::contains))
                .map(person -> new Addressee(person.id(), person.name(), person.email()))
                .toList();
    }

    @Override
    public boolean hasMembers(String group) {
        return !inGroups(List.of(group)).isEmpty();
    }

    @Override
    public void close() {
        database.shutdown();
    }
}
