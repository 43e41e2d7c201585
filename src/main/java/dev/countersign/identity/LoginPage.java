package dev.countersign.identity;

import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

@Controller
class LoginPage {
    private final boolean sandbox;

    LoginPage(@Value("${countersign.sandbox.enabled:false}") boolean sandbox) {
        this.sandbox = sandbox;
    }

    @GetMapping("/login")
    String login(Model model) {
        model.addAttribute("samples", sandbox ? SampleUsers.all() : List.of());
        return "identity/login";
    }
}
