package dev.countersign;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.docs.Documenter;

class ModularityTests {
    private static final ApplicationModules MODULES = ApplicationModules.of(Countersign.class);

    @Test
    void modules_import_downwards_only() {
        MODULES.verify();
    }

    @Test
    void modules_are_documented_from_the_code() {
        new Documenter(MODULES).writeDocumentation();
    }
}
