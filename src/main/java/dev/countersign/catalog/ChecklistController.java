package dev.countersign.catalog;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/catalog/checklists")
@Tag(name = "Catalog")
class ChecklistController {
    private final ChecklistVersions versions;

    ChecklistController(ChecklistVersions versions) {
        this.versions = versions;
    }

    @GetMapping
    @Operation(summary = "All checklists with their versions, oldest first")
    Map<String, List<ChecklistVersions.Version>> checklists() {
        return versions.all();
    }

    @GetMapping("/{name}/diff")
    @Operation(summary = "The difference between two versions of a checklist")
    ChecklistDifference difference(
            @PathVariable String name,
            @Parameter(description = "digest; left out, the version in force") @RequestParam(required = false)
                    String from,
            @Parameter(description = "digest; left out, what the file says now") @RequestParam(required = false)
                    String to) {
        return versions.difference(name, from, to);
    }
}
