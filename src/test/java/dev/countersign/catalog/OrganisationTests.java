package dev.countersign.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.countersign.catalog.Catalog.Problem;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M8.3")
class OrganisationTests {
    private static final String GROUPS =
            """
            apiVersion: backstage.io/v1alpha1
            kind: Group
            metadata: {name: retail}
            spec: {type: business-unit, children: []}
            ---
            apiVersion: backstage.io/v1alpha1
            kind: Group
            metadata: {name: Team-A}
            spec: {type: team, parent: retail, children: [], members: [ann]}
            ---
            apiVersion: backstage.io/v1alpha1
            kind: User
            metadata: {name: ann}
            spec: {memberOf: []}
            ---
            apiVersion: backstage.io/v1alpha1
            kind: User
            metadata: {name: ben}
            spec: {memberOf: [team-a]}
            """;

    private static String component(String name, String spec) {
        return "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: " + name
                + "\n  annotations: {countersign.dev/tier: standard}\nspec:\n  type: service\n" + spec.indent(2);
    }

    private static Facts read(String... components) {
        return Texts.facts(
                Texts.file("groups.yaml", GROUPS), Texts.file("services.yaml", String.join("---\n", components)));
    }

    private static Service service(Facts facts, String name) {
        return facts.organisation().service(name).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "team-a",
                "TEAM-A",
                "group:team-a",
                "group:default/Team-A",
                "default/team-a",
                "Group:Default/team-a"
            })
    void an_owner_is_named_in_every_form_of_an_entity_reference(String owner) {
        Facts facts = read(component("cart", "owner: " + owner));
        assertThat(service(facts, "cart").owner()).isEqualTo("Team-A");
        assertThat(service(facts, "cart").team()).isEqualTo("Team-A");
        assertThat(service(facts, "cart").unit()).isEqualTo("retail");
        assertThat(facts.organisation().whyItCannotRelease("cart")).isEmpty();
        assertThat(facts.problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "null | null | has no owner",
                "owner: nobody | nobody | described in no file",
                "owner: user:ann | ann | a team",
                "owner: group:other/team-a | other.team-a | described in no file"
            })
    void a_service_without_an_accountable_team_is_shown_and_cannot_release(String spec, String owner, String why) {
        Facts facts = read(component("cart", spec == null ? "lifecycle: x" : spec));
        assertThat(service(facts, "cart").owner()).isEqualTo(owner);
        assertThat(service(facts, "cart").team()).isNull();
        assertThat(facts.organisation().whyItCannotRelease("cart").orElseThrow())
                .contains(why);
        assertThat(facts.problems()).extracting(Problem::message).anyMatch(message -> message.contains(why));
    }

    @Test
    void a_service_that_no_file_describes_cannot_release() {
        assertThat(read().organisation().whyItCannotRelease("ghost").orElseThrow())
                .contains("no file");
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(
            nullValues = "-",
            value = {
                "production, -, true",
                "production, false, false",
                "staging, -, false",
                "eu-1, true, true",
                "eu-1, TRUE, true",
                "eu-1, yes, true",
                "eu-1, FALSE, false",
                "production, no, true",
                "Production, -, true",
                "productions, -, false",
            })
    @Tag("E2")
    void an_environment_is_production_by_its_word_or_by_its_name(String name, String said, boolean production) {
        String annotations = "countersign.dev/reported-as: 'Prod, Live EU ,'"
                + (said == null ? "" : ", countersign.dev/production: '" + said + "'");
        Environment environment = Texts.facts(Texts.file(
                        "environments.yaml",
                        "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {name: %s, annotations: {%s}}\nspec: {type: environment}\n"
                                .formatted(name, annotations)))
                .organisation()
                .environments()
                .get(0);
        assertThat(environment.production()).isEqualTo(production);
        assertThat(environment.isCalled("LIVE eu")).isTrue();
        assertThat(environment.isCalled(name)).isTrue();
        assertThat(environment.isCalled("")).isFalse();
    }

    @Test
    @Tag("E2")
    void what_environments_say_that_cannot_be_meant_is_a_problem() {
        String environment =
                "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {name: %s, annotations: {%s}}\nspec: {type: environment}\n";
        Facts facts = Texts.facts(
                Texts.file(
                        "live.yaml",
                        environment.formatted(
                                "live",
                                "countersign.dev/production: 'on', countersign.dev/reported-as: 'prod, Staging'")),
                Texts.file(
                        "staging.yaml",
                        environment.formatted(
                                "staging", "countersign.dev/reported-as: 'PROD, Production, qa, staging'")));
        assertThat(facts.problems())
                .extracting(Problem::file, Problem::message)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "live.yaml", "`on` is neither true nor false; `live` counts as production"),
                        org.assertj.core.groups.Tuple.tuple(
                                "live.yaml", "`Staging` is what resource:default/staging is called too"),
                        org.assertj.core.groups.Tuple.tuple(
                                "staging.yaml", "`PROD` is what resource:default/live is called too"),
                        org.assertj.core.groups.Tuple.tuple(
                                "staging.yaml", "`Production` counts as production, this environment does not"));
    }

    @Test
    void members_are_named_by_the_group_or_by_themselves() {
        assertThat(read().organisation().teams())
                .filteredOn(team -> team.id().equals("Team-A"))
                .singleElement()
                .satisfies(team -> assertThat(team.members()).containsExactly("ann", "ben"));
    }

    @Test
    void a_dependency_is_named_directly_from_the_other_side_or_by_an_api() {
        Facts facts = read(
                component("cart", "owner: team-a\ndependsOn: [component:stock]\nconsumesApis: [pay-api]"),
                component("stock", "owner: team-a"),
                component("pay", "owner: team-a\nprovidesApis: [pay-api]"),
                component("log", "owner: team-a\ndependencyOf: ['component:cart']"),
                "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: pay-api}\nspec: {type: openapi, owner: team-a}\n");
        assertThat(facts.problems()).isEmpty();
        assertThat(service(facts, "cart").dependsOn()).containsExactlyInAnyOrder("stock", "pay", "log");
        assertThat(facts.organisation().dependentsOf("pay"))
                .extracting(Service::name)
                .containsExactly("cart");
        assertThat(facts.organisation().consumersOf("pay"))
                .extracting(Service::name)
                .containsExactly("cart");
        assertThat(facts.organisation().consumersOf("stock")).isEmpty();
    }

    @Test
    void only_shared_platforms_that_are_used_directly_are_touched() {
        String shared = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: %s\n"
                + "  annotations: {countersign.dev/tier: high, countersign.dev/shared-platform: true}\n"
                + "spec: {type: service, owner: team-a, dependsOn: [%s]}\n";
        Facts facts = read(
                component("cart", "owner: team-a\ndependsOn: [component:pay, component:stock]"),
                component("stock", "owner: team-a"),
                shared.formatted("pay", "component:bus"),
                shared.formatted("bus", ""));
        assertThat(facts.organisation().sharedPlatformsTouchedBy("cart"))
                .extracting(Service::name)
                .containsExactly("pay");
        assertThat(facts.organisation().sharedPlatformsTouchedBy("bus")).isEmpty();
    }

    @Test
    void services_may_depend_on_each_other_in_a_ring() {
        Facts facts = read(
                component("one", "owner: team-a\ndependsOn: [component:two, component:one]"),
                component("two", "owner: team-a\ndependsOn: [component:one]"));
        assertThat(service(facts, "one").dependsOn()).containsExactly("two");
        assertThat(service(facts, "two").dependsOn()).containsExactly("one");
    }

    @Test
    void a_reference_to_nothing_is_a_problem_with_its_place_and_the_service_stands() {
        Facts facts = read(component("cart", "owner: team-a\ndependsOn:\n  - resource:db\n  - component:ghost"));
        assertThat(service(facts, "cart").dependsOn()).isEmpty();
        assertThat(facts.problems())
                .extracting(Problem::file, Problem::line, Problem::column)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("services.yaml", 10, 7),
                        org.assertj.core.groups.Tuple.tuple("services.yaml", 11, 7));
        assertThat(facts.problems().get(1).message()).contains("component:default/ghost");
    }

    @ParameterizedTest
    @CsvSource({
        "critical,critical",
        "high,high",
        "standard,standard",
        "gold,critical",
        "Critical,critical",
        "'',critical"
    })
    void without_a_known_tier_the_strictest_holds(String written, String tier) {
        Facts facts = read(component("cart", "owner: team-a").replace("standard", "'" + written + "'"));
        assertThat(service(facts, "cart").tier()).isEqualTo(tier);
        assertThat(facts.problems()).hasSize(written.equals(tier) ? 0 : 1);
    }

    @Test
    void target_and_on_call_have_defaults() {
        Service service = service(read(component("cart", "owner: team-a")), "cart");
        assertThat(service.target()).isEqualTo("production");
        assertThat(service.onCall()).isEqualTo("on-call");
        assertThat(service.sharedPlatform()).isFalse();
    }

    @Test
    void of_two_entities_with_one_name_the_first_holds_and_the_second_says_where_the_first_is() {
        Facts facts = Texts.facts(
                Texts.file("a.yaml", GROUPS + "---\n" + component("cart", "owner: team-a")),
                Texts.file("b.yaml", component("Cart", "owner: nobody")));
        assertThat(facts.organisation().services()).hasSize(1);
        assertThat(service(facts, "cart").file()).isEqualTo("a.yaml");
        assertThat(facts.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.file()).isEqualTo("b.yaml");
            assertThat(problem.line()).isEqualTo(4);
            assertThat(problem.message()).contains("a.yaml line");
        });
    }

    @Test
    void namespaces_keep_names_apart() {
        Facts facts = Texts.facts(
                Texts.file("groups.yaml", GROUPS),
                Texts.file("a.yaml", component("cart", "owner: team-a")),
                Texts.file("b.yaml", component("cart\n  namespace: eu", "owner: default/team-a")));
        assertThat(facts.problems()).isEmpty();
        assertThat(facts.organisation().services()).extracting(Service::name).containsExactly("cart", "eu.cart");
    }

    @Test
    void groups_above_one_another_end_nothing() {
        String ring =
                "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: %s}\nspec: {type: team, parent: %s, children: []}\n";
        Facts facts =
                Texts.facts(Texts.file("groups.yaml", ring.formatted("a", "b") + "---\n" + ring.formatted("b", "a")));
        assertThat(facts.organisation().teams()).hasSize(2);
        assertThat(facts.problems()).hasSize(2).allMatch(problem -> problem.message()
                .contains("ring"));
    }

    static Stream<Arguments> malformed() {
        String component = "kind: Component\n";
        return Stream.of(
                arguments(component + "metadata: {}", "metadata.name"),
                arguments(component + "metadata: {name: 'a b'}", "no name"),
                arguments(component + "metadata: {name: -a}", "no name"),
                arguments(component + "metadata: {name: " + "a".repeat(64) + "}", "63"),
                arguments("metadata: {name: a}", "kind"),
                arguments(component + "metadata: {name: a, annotations: [x]}", "annotations"),
                arguments(component + "metadata: {name: a}\nspec: text", "spec"),
                arguments(component + "metadata: {name: a}\nspec: {owner: [a, b]}", "spec.owner"),
                arguments(component + "metadata: {name: a}\nspec: {owner: 'a b'}", "reference"),
                arguments(component + "metadata: {name: a}\nspec: {dependsOn: x}", "list"),
                arguments(component + "metadata: {name: a}\nspec: {dependsOn: [{a: b}]}", "text"),
                arguments(component + "metadata: {name: a}\nspec: {dependsOn: ['a:b:c']}", "reference"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void a_malformed_entity_is_left_out_and_named(String text, String message) {
        String document = "apiVersion: backstage.io/v1alpha1\n" + text + "\n";
        Facts facts = read(component("cart", "owner: team-a"), document);
        assertThat(facts.organisation().services()).extracting(Service::name).containsExactly("cart");
        assertThat(facts.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.message()).contains(message);
            assertThat(problem.line()).isGreaterThan(8);
        });
    }

    @Test
    void kinds_that_say_nothing_to_a_release_are_no_problem() {
        Facts facts = read(
                "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\nspec: {targets: [./a.yaml]}\n",
                "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: new}\nspec: {owner: x}\n");
        assertThat(facts.problems()).isEmpty();
    }

    @Test
    void a_yaml_file_that_is_no_catalog_file_is_named() {
        assertThat(read("site_name: docs\n").problems())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains("neither");
    }

    @Test
    void a_broken_file_keeps_what_it_said_before_and_the_rest_moves_on() {
        SourceFile groups = Texts.file("groups.yaml", GROUPS);
        Facts good = Texts.facts(
                groups,
                Texts.file("a.yaml", component("cart", "owner: team-a")),
                Texts.file("b.yaml", component("stock", "owner: team-a")));
        Facts broken = Texts.facts(
                good,
                groups,
                Texts.file("a.yaml", "kind: [Component\n"),
                Texts.file("b.yaml", component("stock", "owner: team-a\ndependsOn: [component:cart]")));
        assertThat(broken.organisation().services()).extracting(Service::name).containsExactly("cart", "stock");
        assertThat(service(broken, "stock").dependsOn()).containsExactly("cart");
        assertThat(broken.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.file()).isEqualTo("a.yaml");
            assertThat(problem.line()).isEqualTo(2);
            assertThat(problem.message()).contains("stays in force until it is mended");
        });
        Facts stillBroken = Texts.facts(broken, groups, Texts.file("a.yaml", "kind: ]"));
        assertThat(stillBroken.organisation().services())
                .extracting(Service::name)
                .containsExactly("cart");
        Facts mended = Texts.facts(stillBroken, groups, Texts.file("a.yaml", component("basket", "owner: team-a")));
        assertThat(mended.organisation().services()).extracting(Service::name).containsExactly("basket");
        assertThat(mended.problems()).isEmpty();
    }

    @Test
    void a_file_that_is_broken_from_the_start_loses_only_what_is_at_fault() {
        Facts facts = Texts.facts(
                Texts.file("groups.yaml", GROUPS),
                Texts.file("a.yaml", "- [unclosed"),
                Texts.file(
                        "b.yaml", component("stock", "owner: team-a") + "---\n" + component("a b", "owner: team-a")));
        assertThat(facts.organisation().services()).extracting(Service::name).containsExactly("stock");
        assertThat(facts.problems()).extracting(Problem::file).isEqualTo(List.of("a.yaml", "b.yaml"));
    }
}
