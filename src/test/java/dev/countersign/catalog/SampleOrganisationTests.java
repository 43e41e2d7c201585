package dev.countersign.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SampleOrganisationTests {
    private final Facts facts = read("classpath:sample/catalog");
    private final Organisation organisation = facts.organisation();

    private static Facts read(String location) {
        try {
            List<Catalog.Problem> problems = new ArrayList<>();
            return Facts.read(CatalogFolder.at(location).read(problems::add), Facts.NONE, problems);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    @Tag("M8.3")
    void has_nine_services_or_more_in_four_teams_two_units_and_three_tiers() {
        assertThat(organisation.services()).hasSizeGreaterThanOrEqualTo(9);
        assertThat(distinct(Service::team)).hasSize(4);
        assertThat(distinct(Service::unit)).containsExactlyInAnyOrder("commerce", "platform");
        assertThat(distinct(Service::tier)).containsExactlyInAnyOrder("critical", "high", "standard");
    }

    @Test
    @Tag("M8.3")
    void has_one_orphan_and_no_other_problem() {
        assertThat(facts.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.file()).isEqualTo("commerce/loyalty.yaml");
            assertThat(problem.message()).contains("loyalty-points").contains("no owner");
        });
        assertThat(organisation.whyItCannotRelease("loyalty-points")).isPresent();
        assertThat(organisation.whyItCannotRelease("checkout")).isEmpty();
    }

    @Test
    void checkout_is_the_service_of_the_tour() {
        Service checkout = organisation.service("checkout").orElseThrow();
        assertThat(checkout.tier()).isEqualTo("critical");
        assertThat(checkout.target()).isEqualTo("sandbox");
        assertThat(checkout.owner()).isEqualTo("team-storefront");
        assertThat(checkout.unit()).isEqualTo("commerce");
        assertThat(checkout.onCall()).isEqualTo("on-call");
        assertThat(organisation.sharedPlatformsTouchedBy("checkout"))
                .extracting(Service::name)
                .containsExactlyInAnyOrder("payments", "identity-platform", "event-bus");
        assertThat(organisation.dependentsOf("checkout"))
                .extracting(Service::name)
                .containsExactly("storefront-web");
    }

    @Test
    void a_service_of_every_tier_runs_on_the_sandbox_target() {
        assertThat(organisation.services().stream()
                        .filter(service -> service.target().equals("sandbox"))
                        .map(Service::tier))
                .contains("critical", "high", "standard");
    }

    @Test
    @Tag("M1.4")
    void environments_are_entities() {
        assertThat(organisation.environments())
                .extracting(Environment::name)
                .containsExactlyInAnyOrder("production", "staging");
    }

    @Test
    @Tag("M1.1")
    void every_service_has_objectives_for_availability_latency_and_errors() {
        ActivePolicy policy = ActivePolicy.of(facts.proposed().stream()
                .map(file -> new CatalogPolicyStore.Version(
                        new CatalogPolicyStore.Key(ActivePolicy.SLO, file.name(), file.digest()), file))
                .toList());
        for (Service service : organisation.services()) {
            assertThat(policy.slosOf(service.name()))
                    .as(service.name())
                    .extracting(Slo::kind)
                    .containsExactly("availability", "latency", "errors");
        }
    }

    private Set<String> distinct(java.util.function.Function<Service, String> property) {
        return organisation.services().stream()
                .map(property)
                .filter(java.util.Objects::nonNull)
                .collect(Collectors.toCollection(HashSet::new));
    }
}
