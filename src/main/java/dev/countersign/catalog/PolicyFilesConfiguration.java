package dev.countersign.catalog;

import dev.countersign.identity.Actors;
import dev.countersign.workflow.PolicySource;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which of the catalog's files are policy. */
@Configuration(proxyBeanMethods = false)
class PolicyFilesConfiguration {
    @Bean
    PolicySource objectivesPolicy(FileCatalog catalog, CatalogPolicyStore store, Actors actors) {
        return new PolicyFiles("objectives", ActivePolicy.SLO, catalog, store, actors, OpenSlo::faults);
    }

    @Bean
    PolicySource checklistsPolicy(FileCatalog catalog, CatalogPolicyStore store, Actors actors) {
        return new PolicyFiles(
                "checklists", ActivePolicy.CHECKLIST, catalog, store, actors, files -> Checklists.read(files, List.of())
                        .problems());
    }
}
