package dev.countersign.workflow.policy;

import dev.countersign.api.Problem;
import dev.countersign.workflow.PolicyChanges;
import dev.countersign.workflow.PolicyChanges.Change;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/policy/changes")
@Tag(name = "Policy", description = "Changes of models, tables and other policy, and what became of them")
class PolicyController {
    private static final int MOST = 500;
    private final PolicyChanges changes;

    PolicyController(PolicyChanges changes) {
        this.changes = changes;
    }

    /** @param difference unified text, file by file */
    record Detail(Change change, String difference) {}

    @GetMapping
    @Operation(summary = "Changes, newest first, with the reasons of refused ones")
    List<Change> list(@RequestParam(defaultValue = "50") int size) {
        return changes.list(Math.max(1, Math.min(size, MOST)));
    }

    @GetMapping("/{id}")
    @Operation(summary = "One change with its whole difference")
    Detail one(@PathVariable long id) {
        Change change = changes.find(id).orElseThrow(() -> Problem.notFound("There is no change " + id));
        return new Detail(change, changes.difference(id));
    }
}
