package dev.countersign.evidence.change;

import dev.countersign.evidence.change.Register.Draft;
import dev.countersign.evidence.change.RegisterStore.Entry;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Instant;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/change-records")
class RegisterController {
    private final Register register;

    RegisterController(Register register) {
        this.register = register;
    }

    /** @param state {@code waiting for approval}, {@code approved}, {@code declined} or {@code withdrawn} */
    record Shown(
            String number,
            String service,
            String version,
            String summary,
            String state,
            Instant windowStart,
            Instant windowEnd,
            String enteredBy,
            Instant enteredAt,
            List<RegisterStore.Approval> approvals) {
        static Shown of(Entry entry) {
            return new Shown(
                    entry.number(),
                    entry.service(),
                    entry.version(),
                    entry.summary(),
                    entry.state(),
                    entry.windowStart(),
                    entry.windowEnd(),
                    entry.enteredBy(),
                    entry.enteredAt(),
                    entry.approvals());
        }
    }

    /** @param decision {@code approve} or {@code decline} */
    record Decided(String group, String decision, String reason) {}

    @Operation(
            summary =
                    "Enter a change record; name its number as rfc of the release, or let it be found by service and version")
    @PostMapping
    ResponseEntity<Shown> enter(@RequestBody Draft draft) {
        Shown entered = Shown.of(register.enter(draft));
        return ResponseEntity.status(HttpStatus.CREATED)
                .header(HttpHeaders.LOCATION, "/api/change-records/" + entered.number())
                .body(entered);
    }

    @GetMapping
    List<Shown> list(@RequestParam String service, @RequestParam String version) {
        return register.of(service, version).stream().map(Shown::of).toList();
    }

    @GetMapping("/{number}")
    Shown one(@PathVariable String number) {
        return Shown.of(register.get(number));
    }

    @Operation(summary = "Approve or decline, for one group, as somebody of it")
    @PostMapping("/{number}/approvals")
    Shown decide(@PathVariable String number, @RequestBody Decided decided) {
        boolean approved = "approve".equals(decided.decision());
        if (!approved && !"decline".equals(decided.decision())) {
            throw dev.countersign.api.Problem.invalid("/decision", "approve or decline");
        }
        return Shown.of(register.decide(number, String.valueOf(decided.group()), approved, decided.reason()));
    }

    @DeleteMapping("/{number}")
    Shown withdraw(@PathVariable String number) {
        return Shown.of(register.withdraw(number));
    }
}
