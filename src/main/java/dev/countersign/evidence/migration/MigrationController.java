package dev.countersign.evidence.migration;

import dev.countersign.evidence.migration.MigrationScripts.Named;
import dev.countersign.evidence.migration.Registration.Standing;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/releases/{key}/migration")
class MigrationController {
    private final Registration registration;

    MigrationController(Registration registration) {
        this.registration = registration;
    }

    /**
     * @param contexts that the deployment of a changelog names ({@code --contexts}); empty where it names none; needed where a change has some
     * @param labels its filter of labels ({@code --label-filter}), likewise
     */
    record Scripts(
            @NotEmpty @Size(max = 100) List<@Valid @NotNull ScriptFile> scripts,
            @Size(max = 1000) String contexts,
            @Size(max = 1000) String labels) {}

    record ScriptFile(@NotNull @Size(min = 1, max = 190) String name, @NotNull @Size(max = 1048576) String content) {}

    @Operation(
            summary =
                    "Register the scripts of a migration and its way back; they are rehearsed at once where there is a scratch database")
    @PostMapping
    Standing register(@PathVariable String key, @Valid @RequestBody Scripts scripts) {
        return registration.register(
                key,
                scripts.scripts().stream()
                        .map(file -> new Named(file.name(), file.content()))
                        .toList(),
                new Deployment(scripts.contexts(), scripts.labels()));
    }

    @GetMapping
    Standing show(@PathVariable String key) {
        return registration.standing(key);
    }

    @Operation(summary = "Rehearse the registered scripts again")
    @PostMapping("/rehearsal")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Standing rehearseAgain(@PathVariable String key) {
        return registration.rehearseAgain(key);
    }
}
