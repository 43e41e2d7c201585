package dev.countersign.observe;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The judge can be taken out and asked by anything: it needs neither Spring nor the engine, no database, no clock and no chance. */
@Tag("M3.4")
class JudgeIsALibraryTests {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.countersign");

    @Test
    void the_judge_and_whatever_it_reaches_import_neither_spring_nor_engine_nor_database() {
        noClasses()
                .that(reached())
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "org.springframework..",
                        "org.camunda..",
                        "jakarta..",
                        "javax..",
                        "java.sql..",
                        "java.net..",
                        "org.slf4j.."))
                .check(CLASSES);
    }

    @Test
    void it_stands_on_java_and_two_libraries_of_numbers() {
        classes()
                .that(reached())
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("dev.countersign..", "java..", "org.apache.commons.."))
                .check(CLASSES);
    }

    @Test
    void it_reads_no_clock_and_draws_no_lots_that_another_run_would_draw_differently() {
        noClasses()
                .that(reached())
                .should()
                .dependOnClassesThat(
                        belongToAnyOf(Clock.class, Random.class, SecureRandom.class, ThreadLocalRandom.class))
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .check(CLASSES);
    }

    @Test
    void what_is_reached_are_all_rules() {
        assertThat(reachedNames())
                .contains(
                        Judge.class.getName(),
                        ErrorTrigger.class.getName(),
                        LatencyTrigger.class.getName(),
                        RankComparison.class.getName(),
                        ErrorRatio.class.getName(),
                        SloRules.class.getName(),
                        AfterBaseline.class.getName(),
                        BesideObjectives.class.getName())
                .doesNotContain(ObservationTick.class.getName(), StoredObservations.class.getName());
    }

    private static DescribedPredicate<JavaClass> reached() {
        Set<String> names = reachedNames();
        return DescribedPredicate.describe("are reached by the judge", type -> names.contains(type.getName()));
    }

    /** By what the classes name, from the judge on. */
    private static Set<String> reachedNames() {
        Set<JavaClass> reached = new TreeSet<>(Comparator.comparing(JavaClass::getName));
        Deque<JavaClass> open = new ArrayDeque<>();
        open.add(CLASSES.get(Judge.class));
        open.add(CLASSES.get(AgainstItself.class));
        while (!open.isEmpty()) {
            JavaClass next = open.pop();
            if (reached.add(next)) {
                next.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                        .filter(target -> target.getPackageName().startsWith("dev.countersign"))
                        .filter(target -> CLASSES.contain(target.getName()))
                        .forEach(open::add);
            }
        }
        return reached.stream().map(JavaClass::getName).collect(Collectors.toSet());
    }
}
