package dev.countersign.evidence.wayback;

import dev.countersign.evidence.RollbackScripts.Procedure;
import dev.countersign.evidence.RollbackScripts.RollbackScript;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/releases/{key}/rollback-script")
class RollbackScriptController {
    private static final String DIGEST = "sha256:[0-9a-f]{64}";
    private static final int LONGEST_PATH = 300;
    private final ScriptRegistry registry;

    RollbackScriptController(ScriptRegistry registry) {
        this.registry = registry;
    }

    /**
     * @param path at the target, as the catalog names it
     * @param owner who answers for it; left out, the service's owner
     */
    record StagedScript(
            @NotNull @Size(min = 1, max = LONGEST_PATH) String path,
            @NotNull @Pattern(regexp = DIGEST) String digest,
            @Valid @NotNull ProcedureDocument procedure,
            @Size(min = 1, max = 200) String owner) {}

    record ProcedureDocument(
            @NotNull @Size(min = 1, max = LONGEST_PATH) String path,
            @NotNull @Pattern(regexp = DIGEST) String digest) {}

    @Operation(summary = "Register the script of the way back that stands ready at the target, and its procedure")
    @PostMapping
    RollbackScript register(@PathVariable String key, @Valid @RequestBody StagedScript script) {
        return registry.register(
                key,
                script.path(),
                script.digest(),
                new Procedure(script.procedure().path(), script.procedure().digest()),
                script.owner());
    }

    @GetMapping
    RollbackScript show(@PathVariable String key) {
        return registry.shown(key);
    }
}
