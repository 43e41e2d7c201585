package dev.countersign.evidence.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.evidence.migration.JdbcAddress.Product;
import dev.countersign.evidence.migration.MigrationScripts.Named;
import dev.countersign.evidence.migration.MigrationScripts.Script;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("M2.6")
class ChangelogTests {
    private static final String XML =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
              <property name="length" value="100" dbms="h2,postgresql"/>
            %s
            </databaseChangeLog>
            """;

    private static final String NOTE =
            """
              <changeSet id="1" author="ann">
                <preConditions onFail="MARK_RAN"><not><tableExists tableName="note"/></not></preConditions>
                <createTable tableName="note">
                  <column name="id" type="bigint" autoIncrement="true"><constraints primaryKey="true" nullable="false"/></column>
                  <column name="text" type="varchar(${length})"/>
                </createTable>
                <addColumn tableName="orders"><column name="note_id" type="bigint"/></addColumn>
                <createIndex tableName="orders" indexName="orders_by_note"><column name="note_id"/></createIndex>
              </changeSet>
              <changeSet id="2" author="ann">
                <sqlFile path="fill.sql" relativeToChangelogFile="true"/>
                <rollback>delete from note</rollback>
              </changeSet>
              <changeSet id="3" author="ann" dbms="oracle"><sql>this is for another product</sql></changeSet>
            """;

    private static final String YAML =
            """
            databaseChangeLog:
              - property: {name: length, value: 100}
              - changeSet:
                  id: 1
                  author: ann
                  changes:
                    - createTable:
                        tableName: note
                        columns:
                          - column: {name: id, type: bigint, autoIncrement: true, constraints: {primaryKey: true, nullable: false}}
                          - column: {name: text, type: "varchar(${length})"}
                    - addColumn: {tableName: orders, columns: [{column: {name: note_id, type: bigint}}]}
                    - createIndex: {tableName: orders, indexName: orders_by_note, columns: [{column: {name: note_id}}]}
              - changeSet:
                  id: 2
                  author: ann
                  changes:
                    - sqlFile: {path: db/fill.sql}
                  rollback:
                    - sql: {sql: delete from note}
            """;

    private static final String JSON =
            """
            {"databaseChangeLog": [
              {"changeSet": {"id": "1", "author": "ann", "changes": [
                {"createTable": {"tableName": "note", "columns": [
                  {"column": {"name": "id", "type": "bigint", "autoIncrement": true, "constraints": {"primaryKey": true, "nullable": false}}},
                  {"column": {"name": "text", "type": "varchar(100)"}}]}},
                {"addColumn": {"tableName": "orders", "columns": [{"column": {"name": "note_id", "type": "bigint"}}]}},
                {"createIndex": {"tableName": "orders", "indexName": "orders_by_note", "columns": [{"column": {"name": "note_id"}}]}}]}},
              {"changeSet": {"id": "2", "author": "ann", "changes": [{"sqlFile": {"path": "db/fill.sql"}}],
                "rollback": [{"delete": {"tableName": "note"}}]}}]}
            """;

    static List<Named> forms() {
        return List.of(
                new Named("db/changelog.xml", XML.formatted(NOTE)),
                new Named("db/changelog.yaml", YAML),
                new Named("db/changelog.json", JSON));
    }

    private static MigrationScripts read(String... namesAndContents) {
        return MigrationScripts.of(
                Stream.iterate(0, i -> i < namesAndContents.length, i -> i + 2)
                        .map(i -> new Named(namesAndContents[i], namesAndContents[i + 1]))
                        .toList(),
                Product.POSTGRESQL);
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void the_three_forms_are_the_same_sql(Product product) {
        List<MigrationScripts> read = forms().stream()
                .map(form -> MigrationScripts.of(
                        List.of(form, new Named("db/fill.sql", "insert into note (text) values ('a;b');")), product))
                .toList();
        assertThat(read).allSatisfy(scripts -> {
            assertThat(scripts.irreversible()).isEmpty();
            assertThat(contents(scripts)).isEqualTo(contents(read.get(0)));
            assertThat(scripts.down()).hasSize(2);
        });
        assertThat(read.get(0).up().get(0).name()).isEqualTo("db/changelog.xml#ann:1");
        assertThat(read.get(0).up().get(0).content()).containsIgnoringCase("varchar(100)");
    }

    /** Only the form in XML has a precondition. */
    private static List<String> contents(MigrationScripts scripts) {
        return scripts.up().stream()
                .map(script -> script.content().replaceFirst("^-- precondition[^\n]*\n", ""))
                .toList();
    }

    private static final String SET =
            "<changeSet id='1' author='a'%s>%s<createTable tableName='t'><column name='id' type='int'/></createTable></changeSet>"
                    + "<changeSet id='2' author='a'><createTable tableName='u'><column name='id' type='int'/></createTable></changeSet>";

    private static List<String> names(Deployment deployment, String changelog) {
        return MigrationScripts.of(List.of(new Named("a.xml", changelog)), Product.POSTGRESQL, deployment).up().stream()
                .map(Script::name)
                .toList();
    }

    /** As Liquibase decides it: a deployment that names no contexts runs all of them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    context="test"                 | prod          |            | a.xml#a:2
                    context="test"                 | prod, test    |            | a.xml#a:1,a.xml#a:2
                    context="test"                 | ''            |            | a.xml#a:1,a.xml#a:2
                    context="!test and prod"       | prod          |            | a.xml#a:1,a.xml#a:2
                    contextFilter="test"           | prod          |            | a.xml#a:2
                    labels="v2,late"               |               | v1         | a.xml#a:2
                    labels="v2,late"               |               | v2 or v3   | a.xml#a:1,a.xml#a:2
                    labels="v2,late"               |               | ''         | a.xml#a:1,a.xml#a:2
                    ignore="true"                  |               |            | a.xml#a:2
                    dbms="oracle" context="test"   |               |            | a.xml#a:2
                    """)
    void what_the_deployment_leaves_out_is_left_out(String attributes, String contexts, String labels, String runs) {
        assertThat(names(new Deployment(contexts, labels), XML.formatted(SET.formatted(" " + attributes, ""))))
                .containsExactly(runs.split(","));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    context="test"      | a.xml#a:1 runs in some contexts only (test): say by contexts
                    labels="v2"         | a.xml#a:1 has labels (v2): say by labels
                    runWith="psql"      | a.xml#a:1 is run with psql
                    """)
    void what_depends_on_how_it_is_deployed_is_refused_until_that_is_said(String attribute, String message) {
        String changelog = XML.formatted(SET.formatted(" " + attribute, ""));
        assertThatThrownBy(() -> read("a.xml", changelog)).hasMessageContaining(message);
        assertThatThrownBy(() -> MigrationScripts.of(
                        List.of(new Named("V1__a.sql", "select 1")), Product.H2, new Deployment("prod", null)))
                .hasMessageContaining("those of changelogs");
    }

    /** A context of an include is one of all that it includes. */
    @Test
    void contexts_are_inherited() {
        List<Named> files = List.of(
                new Named("a.xml", XML.formatted("<include file='b.xml' context='test'/>" + NOTHING_ELSE)),
                new Named("b.xml", XML.formatted(SET.formatted("", ""))));
        assertThatThrownBy(() -> MigrationScripts.of(files, Product.H2)).hasMessageContaining("say by contexts");
        assertThat(MigrationScripts.of(files, Product.H2, new Deployment("prod", null))
                        .up())
                .extracting(Script::name)
                .containsExactly("a.xml#a:1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    <dbms type="postgresql"/>                                      | MARK_RAN | a.xml#a:1,a.xml#a:2 |
                    <dbms type="oracle"/>                                          | MARK_RAN | a.xml#a:2           |
                    <dbms type="oracle"/>                                          | CONTINUE | a.xml#a:2           |
                    <dbms type="oracle"/>                                          | WARN     | a.xml#a:1,a.xml#a:2 |
                    <not><dbms type="postgresql"/></not>                           | MARK_RAN | a.xml#a:2           |
                    <or><dbms type="oracle"/><dbms type="postgresql"/></or>        | HALT     | a.xml#a:1,a.xml#a:2 |
                    <dbms type="oracle"/><tableExists tableName="x"/>              | MARK_RAN | a.xml#a:2           |
                    <or><dbms type="postgresql"/><tableExists tableName="x"/></or> | HALT     | a.xml#a:1,a.xml#a:2 |
                    <tableExists tableName="x"/>                                   | WARN     | a.xml#a:1,a.xml#a:2 |
                    <tableExists tableName="x"/>                                   | HALT     | a.xml#a:1,a.xml#a:2 | runs where tableExists, else the deployment ends there
                    <not><tableExists tableName="x"/></not>                        | MARK_RAN | a.xml#a:1,a.xml#a:2 | runs where not (tableExists), else it is left out for ever
                    <runningAs username="x"/>                                      | CONTINUE | a.xml#a:1,a.xml#a:2 | runs where runningAs, else it is left out until the next time
                    """)
    void a_precondition_is_decided_by_the_product_or_said_to_be_open(
            String condition, String otherwise, String runs, String open) {
        MigrationScripts scripts = read(
                "a.xml",
                XML.formatted(SET.formatted(
                        "", "<preConditions onFail='%s'>%s</preConditions>".formatted(otherwise, condition))));
        assertThat(scripts.up()).extracting(Script::name).containsExactly(runs.split(","));
        assertThat(scripts.conditions()).isEqualTo(open == null ? List.of() : List.of("a.xml#a:1 " + open));
        assertThat(MigrationScripts.stored(scripts.all()).conditions()).isEqualTo(scripts.conditions());
        assertThat(scripts.up().get(0).content().startsWith("-- precondition")).isEqualTo(open != null);
    }

    @Test
    void preconditions_that_end_the_deployment_or_are_of_the_whole_changelog_are_not_passed_over() {
        assertThatThrownBy(() -> read(
                        "a.xml",
                        XML.formatted(SET.formatted("", "<preConditions><dbms type='oracle'/></preConditions>"))))
                .hasMessageContaining("a.xml#a:1: its preconditions end the deployment on postgresql");
        assertThatThrownBy(() -> read(
                        "a.xml", XML.formatted("<preConditions><dbms type='oracle'/></preConditions>" + NOTHING_ELSE)))
                .hasMessageContaining("a.xml: its preconditions end the deployment");
        assertThat(read(
                                "a.xml",
                                XML.formatted(
                                        "<preConditions><runningAs username='x'/></preConditions>" + NOTHING_ELSE))
                        .conditions())
                .containsExactly("a.xml#a:1 runs where runningAs, else the deployment ends there");
    }

    /** Sent alone it is read by Liquibase as soon as it says more to it than where a change begins. */
    @Test
    void formatted_sql_has_its_attributes_also_where_it_is_sent_alone() {
        String sql =
                """
                --liquibase formatted sql
                --changeset a:1 context:test
                create table one (id int);
                --rollback drop table one;
                --changeset a:2 dbms:oracle
                create table two (id int);
                --changeset a:3 endDelimiter:/
                create table three (id int)/
                --rollback empty
                """;
        MigrationScripts scripts =
                MigrationScripts.of(List.of(new Named("a.sql", sql)), Product.H2, new Deployment("prod", null));
        assertThat(scripts.up()).extracting(Script::name).containsExactly("a.sql#a:3");
        assertThat(scripts.irreversible()).containsExactly("a.sql#a:3");
        assertThat(MigrationScripts.of(List.of(new Named("a.sql", sql)), Product.H2, new Deployment("test", null))
                        .up())
                .extracting(Script::name)
                .containsExactly("a.sql#a:1", "a.sql#a:3");
        assertThatThrownBy(() -> read("a.sql", sql)).hasMessageContaining("a.sql#a:1 runs in some contexts only");
    }

    @Test
    void a_change_that_cannot_be_undone_has_no_way_back() {
        assertThat(read(
                                "a.xml",
                                XML.formatted(
                                        """
                                <changeSet id="1" author="a"><dropTable tableName="old"/></changeSet>
                                <changeSet id="2" author="a"><sql>update t set x = 1</sql><rollback/></changeSet>
                                <changeSet id="3" author="a"><tagDatabase tag="v1"/></changeSet>
                                """))
                        .irreversible())
                .containsExactly("a.xml#a:1", "a.xml#a:2");
    }

    @Test
    void what_is_included_runs_once_and_where_it_is_included() {
        MigrationScripts scripts = read(
                "db/a-late.sql",
                        "--liquibase formatted sql\n--changeset b:2\ncreate table late (id int);\n--rollback drop table late;",
                "db/root.yml",
                        "databaseChangeLog:\n  - include: {file: one.xml, relativeToChangelogFile: true}\n  - include: {file: db/a-late.sql}",
                "db/one.xml",
                        XML.formatted(
                                "<changeSet id='1' author='a'><createTable tableName='one'><column name='id' type='int'/></createTable></changeSet>"));
        assertThat(scripts.up()).extracting(Script::name).containsExactly("db/one.xml#a:1", "db/a-late.sql#b:2");
        assertThat(scripts.down()).extracting(Script::name).containsExactly("db/a-late.sql#b:2", "db/one.xml#a:1");
    }

    /** Nothing of it runs, reads or loads anything while it is refused. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    <changeSet id="1" author="a"><executeCommand executable="id"/></changeSet> | a.xml line 5: executeCommand is not read
                    <changeSet id="1" author="a"><customChange class="java.lang.Runtime"/></changeSet> | a.xml line 5: customChange is not read
                    <preConditions><customPrecondition className="x.Y"/></preConditions> | a.xml line 5: customPrecondition is not read
                    <changeSet id="1" author="a"><loadData tableName="t" file="t.csv"/></changeSet> | a.xml line 5: loadData is not read
                    <changeSet id="1" author="a"><rollback><executeCommand executable="id"/></rollback></changeSet> | a.xml line 5: executeCommand is not read
                    <includeAll path="db" filter="x.Y"/> | a.xml line 5: filter is not read
                    <include file="db/elsewhere.xml"/> | elsewhere.xml
                    <include file="../../etc/passwd.xml"/> | passwd.xml
                    <include file="file:///etc/hosts.xml"/> | hosts.xml
                    <include file="https://example.org/x.xml"/> | example.org/x.xml
                    <changeSet id="1" author="a"><sqlFile path="/etc/passwd"/></changeSet> | etc/passwd
                    <changeSet id="1" author="a"><sqlFile path="application.yaml"/></changeSet> | application.yaml
                    <changeSet id="1" author="a"><sql>select '${java.home}'</sql></changeSet> | ${java.home}
                    <changeSet id="1" author="a"><sql>select '${PATH}'</sql></changeSet> | ${PATH}
                    <changeSet id="1" author="a"><sql>select '${nobody.knows}'</sql></changeSet> | a parameter that no property
                    <changeSet id="1" author="a"><insert tableName="t"><column name="c" valueClobFile="/etc/passwd"/></insert></changeSet> | a.xml line 5: valueClobFile is not read
                    <changeSet id="1" author="a"><notAChange/></changeSet> | notAChange
                    <changeSet id="1" author="a"><sql>x</sql><modifySql><regExpReplace replace="(a+)+b" with="c"/></modifySql></changeSet> | a.xml line 5: regExpReplace is not read
                    <changeSet id="1" author="a"><sql>x</sql><modifySql dbms="mysql"><replace replace="a" with="aa"/></modifySql></changeSet> | a.xml line 5: replace is not read
                    '' | no change leads forward
                    """)
    void what_reaches_outside_is_refused_with_its_place(String element, String message) {
        assertThatThrownBy(() -> read("a.xml", XML.formatted(element)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void what_is_no_changelog_is_refused() {
        for (String[] broken : new String[][] {
            {"a.xml", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><databaseChangeLog>&e;</databaseChangeLog>"
            },
            {"a.xml", "<databaseChangeLog"},
            {"a.yaml", "databaseChangeLog: [changeSet: {id: !!java.lang.Runtime x}]"},
            {
                "a.yaml",
                "a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c]\ndatabaseChangeLog: [*d,*d,*d,*d,*d,*d]"
            },
            {"a.yaml", "[".repeat(100_000)},
            {
                "a.json",
                "{\"databaseChangeLog\": [{\"changeSet\": {\"id\": \"1\", \"author\": \"a\", \"changes\": [{\"\\u0063ustomChange\": {\"class\": \"x\"}}]}}]}"
            },
            {"a.json", "{}"},
        }) {
            assertThatThrownBy(() -> read(broken))
                    .as(broken[1].substring(0, Math.min(60, broken[1].length())))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void one_that_would_keep_the_platform_busy_is_refused() {
        StringBuilder doubling = new StringBuilder("<property name=\"p0\" value=\"0123456789\"/>");
        for (int i = 1; i < 40; i++) {
            doubling.append("<property name=\"p%d\" value=\"${p%d}${p%d}\"/>".formatted(i, i - 1, i - 1));
        }
        doubling.append("<changeSet id='1' author='a'><sql>select '${p39}'</sql></changeSet>");
        String many = "<property name=\"p\" value=\"%s\"/><changeSet id='1' author='a'><sql>%s</sql></changeSet>"
                .formatted("0".repeat(10_000), "${p}".repeat(10_000));
        String deep = "<a>".repeat(100_000) + "</a>".repeat(100_000);
        for (String changelog : List.of(doubling.toString(), many, deep)) {
            assertThatThrownBy(() -> read("a.xml", XML.formatted(changelog)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> read(
                        "a.xml", XML.formatted("<include file='b.xml'/>"),
                        "b.xml", XML.formatted("<include file='a.xml'/>")))
                .hasMessageContaining("includes itself");
    }

    private static final String NOTHING_ELSE =
            "<changeSet id='1' author='a'><createTable tableName='t'><column name='id' type='int'/></createTable></changeSet>";

    private static final String LOADS =
            "<changeSet id='2' author='a'><customChange class='dev.countersign.evidence.migration.ChangelogTests$Loaded'/></changeSet>";

    /** What a changelog would name to have it run while it is only read. */
    static final class Loaded {
        static {
            ChangelogTests.loaded = true;
        }
    }

    private static boolean loaded;

    /** Liquibase takes what ends in xml, and a path in whatever way it is written: nothing gets by what looks through it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    evilxml | evilxml | line 5: customChange is not read
                    db/evilXML | db/evilXML | line 5: customChange is not read
                    evil.xml/ | evil.xml | evil.xml/ is no plain path
                    evil.xml/. | evil.xml | evil.xml/. is no plain path
                    db/../evil.xml | evil.xml | is no plain path
                    classpath:evil.xml | evil.xml | is no plain path
                    /evil.xml | evil.xml | is no plain path
                    db\\evil.xml | db/evil.xml | is no plain path
                    """)
    void no_name_hides_a_changelog(String name, String asked, String message) {
        String root = XML.formatted(NOTHING_ELSE + "<include file='" + asked + "'/>");
        assertThatThrownBy(() -> read("a.xml", root, name, XML.formatted(LOADS)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
        assertThat(loaded).isFalse();
    }

    @Test
    void a_name_with_a_line_break_is_refused_and_shown_without_it() {
        assertThatThrownBy(() -> read("a.xml", XML.formatted(NOTHING_ELSE), "x\n.xml", XML.formatted(LOADS)))
                .hasMessageContaining("x?.xml is no plain path");
    }

    @Test
    void what_is_put_before_and_after_sql_is_read() {
        String set =
                "<changeSet id='1' author='a'><sql>select 1</sql><modifySql><prepend value='/*a*/ '/><append value=' + 1'/></modifySql></changeSet>";
        assertThat(read("a.xml", XML.formatted(set)).up().get(0).content()).isEqualTo("/*a*/ select 1 + 1;");
        String often = set.replace("<append value=' + 1'/>", "<append value='1'/>".repeat(20));
        assertThatThrownBy(() -> read("a.xml", XML.formatted(often))).hasMessageContaining("a.xml#a:1: of modifySql");
    }

    /** Each file of these is small, and so is each change: what they take from each other is not. */
    @Test
    void what_many_take_from_one_is_counted_while_it_is_read() {
        String half = "0".repeat(500_000);
        String changes = "- sql: {sql: *a}\n".repeat(1000).indent(8);
        assertThatThrownBy(() -> read(
                        "a.yaml",
                        "a: &a \"" + half
                                + "\"\ndatabaseChangeLog:\n  - changeSet:\n      id: 1\n      author: a\n      changes:\n"
                                + changes))
                .hasMessageContaining("a.yaml line ")
                .hasMessageContaining("aliases");
        String appending = "<changeSet id='1' author='a'>%s<modifySql><append value='%s'/></modifySql></changeSet>"
                .formatted("<sql>select 1</sql>".repeat(1000), half);
        assertThatThrownBy(() -> read("a.xml", XML.formatted(appending)))
                .hasMessageContaining("a.xml#a:1: their SQL has more than");
        String[] including = new String[42];
        including[0] = "z.xml";
        including[1] = XML.formatted("<!--" + half + "-->" + NOTHING_ELSE);
        for (int i = 1; i < 21; i++) {
            including[2 * i] = "r%d.xml".formatted(i);
            including[2 * i + 1] = XML.formatted("<include file='z.xml'/>");
        }
        assertThatThrownBy(() -> read(including)).hasMessageContaining("z.xml: what its files read of each other");
    }

    @Test
    void an_alias_within_itself_is_refused() {
        assertThatThrownBy(() -> read("a.yaml", "databaseChangeLog: &a\n  - *a\n"))
                .hasMessageContaining("a.yaml line 1: an alias within");
    }

    /** The size of what is read does not stay behind: Liquibase's own way keeps each value for as long as the process runs. */
    @Test
    void nothing_of_a_changelog_is_kept() throws ReflectiveOperationException {
        String properties =
                "<property name='kept.table' value='t'/><property name='kept.name' value='a ${kept.table}'/><property name='kept.of.t' value='nested'/>";
        String content = read(
                        "a.xml",
                        XML.formatted(
                                properties
                                        + "<changeSet id='1' author='a'><sql>select '${kept.name} ${kept.of.${kept.table}} ${ kept.table } $ {} } ${length}', '${'</sql></changeSet>"))
                .up()
                .get(0)
                .content();
        assertThat(content).isEqualTo("select 'a t nested t $ {} } 100', '${';");
        Field kept = Class.forName("liquibase.changelog.ExpressionExpander").getDeclaredField("expandedParameters");
        kept.setAccessible(true);
        assertThat((Map<?, ?>) kept.get(null)).isEmpty();
    }

    @Test
    void properties_are_bounded_together_however_many_changelogs_there_are() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 1001; i++) {
            many.append("<property name='p").append(i).append("' value='1'/>");
        }
        assertThatThrownBy(() -> read("a.xml", XML.formatted(many))).hasMessageContaining("a.xml: there are more than");
        String[] roots = new String[40];
        for (int i = 0; i < 20; i++) {
            roots[2 * i] = "r%02d.xml".formatted(i);
            roots[2 * i + 1] = XML.formatted(
                    "<property name='p' value='%s'/><changeSet id='1' author='a'><comment>%s</comment>%s</changeSet>"
                            .formatted("0".repeat(20_000), "${p}".repeat(20), "<sql>select 1</sql>"));
        }
        assertThatThrownBy(() -> read(roots)).hasMessageContaining("r10.xml: its properties become more than");
        assertThatThrownBy(() -> read(
                        "a.xml",
                        XML.formatted("<changeSet id='1' author='a'><sql>" + "${".repeat(100) + "</sql></changeSet>")))
                .hasMessageContaining("a.xml: parameters stand within parameters");
    }

    /** Changelogs are read one after another; who waits does not wait for ever, and nothing is held meanwhile. */
    @Test
    void who_cannot_be_read_now_is_told() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> read("a.xml", XML.formatted(NOTHING_ELSE))).isInstanceOf(ChangelogsBusy.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(read("a.xml", XML.formatted(NOTHING_ELSE)).up()).hasSize(1);
    }
}
