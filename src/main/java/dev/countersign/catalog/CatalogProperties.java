package dev.countersign.catalog;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where the catalog's files are.
 *
 * @param folder folder with Backstage and OpenSLO files, a path or {@code classpath:}; the sandbox has a sample organisation, production
 *     must name its own
 * @param checklists folder with checklists; where a relative path leads nowhere, the folder of that name that the application brings along
 * @param integrityChecks folder with integrity checks of databases, found as the checklists are
 * @param rotation folder with what has to be rotated of services, found as the checklists are
 * @param journeys folder with what the platform tries out on versions of services, found as the checklists are
 * @param capacity folder with how the capacity of services is told, found as the checklists are
 * @param kpis folder with business figures of services, found as the checklists are
 * @param canaries folder with canary configurations of services, found as the checklists are
 * @param checkEvery how often each node looks whether the files changed
 */
@Validated
@ConfigurationProperties("countersign.catalog")
record CatalogProperties(
        @NotBlank(message = "names no folder with catalog-info.yaml files: set countersign.catalog.folder")
                String folder,
        @NotBlank @DefaultValue("processes/checklists") String checklists,
        @NotBlank @DefaultValue("processes/integrity-checks") String integrityChecks,
        @NotBlank @DefaultValue("processes/rotation") String rotation,
        @NotBlank @DefaultValue("processes/journeys") String journeys,
        @NotBlank @DefaultValue("processes/capacity") String capacity,
        @NotBlank @DefaultValue("processes/kpis") String kpis,
        @NotBlank @DefaultValue("processes/canaries") String canaries,
        @NotNull @DefaultValue("3s") Duration checkEvery) {}
