package dev.countersign.release;

import dev.countersign.api.Problem;
import org.springframework.http.HttpStatus;

/** The state does not allow this: 409, with the reason in words. */
public class StateConflict extends Problem {
    private static final long serialVersionUID = 1L;

    public StateConflict(String message) {
        super(HttpStatus.CONFLICT, message);
    }
}
