package dev.countersign.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.catalog.Checklist.Item;
import dev.countersign.catalog.ChecklistDifference.Change;
import dev.countersign.identity.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M1.4")
class ChecklistTests {
    private static final String TEXT =
            """
            checklist: standard
            title: Before a release
            appliesTo:
              tiers: [standard]
            items:
              - id: tests
                text: Tests cover the change.
                role: qa
              - id: runbook
                text: The runbook is current.
                role: operations
                evidence: true
            """;

    private static Checklist read(String text) {
        Declaration.Read<Checklist> read = ChecklistReader.read(Texts.checklist(text));
        assertThat(read.problems()).isEmpty();
        return read.said().orElseThrow();
    }

    @Test
    void a_checklist_is_read_with_the_digest_of_its_exact_bytes() {
        Checklist checklist = read(TEXT);
        assertThat(checklist.name()).isEqualTo("standard");
        assertThat(checklist.tiers()).containsExactly("standard");
        assertThat(checklist.items())
                .containsExactly(
                        new Item("tests", "Tests cover the change.", "qa", false),
                        new Item("runbook", "The runbook is current.", "operations", true));
        assertThat(checklist.digest()).isNotEqualTo(read(TEXT + "# a comment\n").digest());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "role: qa | role: wizard | 8 | 5",
                "role: qa | rolle: qa | 6 | 5",
                "id: tests | id: Tests! | 6 | 5",
                "id: runbook | id: tests | 9 | 5",
                "evidence: true | evidence: yes | 12 | 5",
                "tiers: [standard] | tiers: [gold] | 4 | 11",
                "tiers: [standard] | environments: [production] | 3 | 1",
                "title: Before a release | titel: Before | 1 | 1",
                "text: Tests cover the change. | text: '' | 7 | 5",
                "checklist: standard | checklist: [standard] | 1 | 1"
            })
    void what_breaks_the_schema_is_named_with_its_place(String part, String instead, int line, int column) {
        Declaration.Read<Checklist> read = ChecklistReader.read(Texts.checklist(TEXT.replace(part, instead)));
        assertThat(read.said()).isEmpty();
        assertThat(read.problems())
                .extracting(Problem::line, Problem::column)
                .contains(org.assertj.core.groups.Tuple.tuple(line, column));
        assertThat(read.problems())
                .allSatisfy(problem -> assertThat(problem.message()).isNotBlank());
    }

    @Test
    void a_file_holds_exactly_one_checklist() {
        assertThat(ChecklistReader.read(Texts.checklist(TEXT + "---\n" + TEXT)).problems())
                .hasSize(1);
        assertThat(ChecklistReader.read(Texts.checklist("# nothing")).problems())
                .hasSize(1);
    }

    @Test
    void of_two_files_with_one_checklist_the_first_counts() {
        Checklists checklists =
                Checklists.read(List.of(Texts.file("a.yaml", TEXT), Texts.file("b.yaml", TEXT)), List.of());
        assertThat(checklists.proposed()).extracting(SourceFile::name).containsExactly("a.yaml");
        assertThat(checklists.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.file()).isEqualTo("b.yaml");
            assertThat(problem.message()).contains("a.yaml");
        });
    }

    @Test
    void the_difference_goes_by_item() {
        String later = TEXT.replace("Before a release", "Before each release")
                .replace("Tests cover the change.", "Tests cover the change and its failures.")
                .replace("runbook", "dashboard");
        ChecklistDifference difference = ChecklistDifference.between(read(TEXT), read(later));
        assertThat(difference.head()).containsExactly(new Change("title", "Before a release", "Before each release"));
        assertThat(difference.added()).extracting(Item::id).containsExactly("dashboard");
        assertThat(difference.removed()).extracting(Item::id).containsExactly("runbook");
        assertThat(difference.changed()).singleElement().satisfies(changed -> {
            assertThat(changed.id()).isEqualTo("tests");
            assertThat(changed.changes())
                    .containsExactly(
                            new Change("text", "Tests cover the change.", "Tests cover the change and its failures."));
        });
        assertThat(difference.unchanged()).isZero();
        assertThat(ChecklistDifference.between(read(TEXT), read(TEXT)).unchanged())
                .isEqualTo(2);
    }

    @Test
    void our_checklists_keep_to_the_schema_and_there_is_one_for_every_tier() throws IOException {
        List<Problem> unreadable = new ArrayList<>();
        Checklists ours = Checklists.read(
                CatalogFolder.at("classpath:processes/checklists").read(unreadable::add), unreadable);
        assertThat(ours.problems()).isEmpty();
        ActivePolicy policy = policy(ours.proposed());
        for (String tier : Organisation.TIERS) {
            Checklist checklist =
                    policy.checklistOf(service("any", tier), "production").orElseThrow();
            assertThat(checklist.name()).isEqualTo(tier);
            assertThat(checklist.items()).allMatch(item -> Role.of(item.role()).isPresent());
        }
        assertThat(policy.checklistOf(service("any", "critical"), null)
                        .orElseThrow()
                        .items())
                .anyMatch(Item::evidence);
    }

    @Test
    void a_checklist_for_the_service_comes_before_one_for_its_tier_and_one_for_the_environment_before_one_for_all() {
        SourceFile tier = Texts.file("1.yaml", TEXT);
        SourceFile staging = Texts.file(
                "2.yaml",
                TEXT.replace("checklist: standard", "checklist: staging")
                        .replace("tiers: [standard]", "tiers: [standard]\n  environments: [staging]"));
        SourceFile cart = Texts.file(
                "3.yaml",
                TEXT.replace("checklist: standard", "checklist: cart")
                        .replace("tiers: [standard]", "services: [cart]\n  environments: [production]"));
        ActivePolicy policy = policy(List.of(tier, staging, cart));
        assertThat(nameOf(policy, "stock", "production")).isEqualTo("standard");
        assertThat(nameOf(policy, "stock", "staging")).isEqualTo("staging");
        assertThat(nameOf(policy, "cart", "production")).isEqualTo("cart");
        assertThat(nameOf(policy, "cart", "staging")).isEqualTo("staging");
        assertThat(policy.checklistOf(service("stock", "critical"), "production"))
                .isEmpty();
    }

    private static String nameOf(ActivePolicy policy, String service, String environment) {
        return policy.checklistOf(service(service, "standard"), environment)
                .orElseThrow()
                .name();
    }

    private static Service service(String name, String tier) {
        return new Service(
                name, name, null, "a", "a", "u", tier, "production", "on-call", false, List.of(), Map.of(), "f");
    }

    private static ActivePolicy policy(List<SourceFile> checklists) {
        return ActivePolicy.of(checklists.stream()
                .map(file -> new CatalogPolicyStore.Version(
                        new CatalogPolicyStore.Key(ActivePolicy.CHECKLIST, file.name(), file.digest()), file))
                .toList());
    }
}
