package dev.countersign.identity;

import dev.countersign.api.Problem;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** Where the holder of the one-time secret becomes the first administrator. Not there at any other time. */
@Controller
class FirstAdministratorPage {
    private final FirstAdministrator first;

    FirstAdministratorPage(FirstAdministrator first) {
        this.first = first;
    }

    @GetMapping("/first-administrator")
    String ask() {
        if (!first.isAwaited()) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return "identity/first-administrator";
    }

    @PostMapping("/first-administrator")
    String create(
            @RequestParam String secret,
            @RequestParam String userId,
            @RequestParam String name,
            @RequestParam String email,
            @RequestParam String password,
            Model model) {
        try {
            first.create(new FirstAdministrator.Request(secret, userId, name, email, password));
            return "redirect:/login";
        } catch (Problem refusal) {
            if (refusal.getStatusCode().isSameCodeAs(HttpStatus.NOT_FOUND)) {
                throw refusal;
            }
            model.addAttribute("refusal", refusal.getMessage());
            return "identity/first-administrator";
        }
    }
}
