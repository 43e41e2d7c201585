package dev.countersign.identity;

import java.security.Principal;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** What the frame of every page needs to know: {@code shell} in the model. */
@ControllerAdvice(annotations = Controller.class)
class Shell {
    private final boolean sandbox;

    Shell(@Value("${countersign.sandbox.enabled:false}") boolean sandbox) {
        this.sandbox = sandbox;
    }

    /** @param user null where nobody is logged in */
    record Frame(boolean sandbox, String user) {}

    @ModelAttribute("shell")
    Frame shell(Principal login) {
        return new Frame(sandbox, login == null ? null : login.getName());
    }
}
