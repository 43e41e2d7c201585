package dev.countersign.identity;

import dev.countersign.api.Problem;
import org.springframework.http.HttpStatus;

/** The actor may not do this: 403, with the reason in words. */
public class NotEntitled extends Problem {
    private static final long serialVersionUID = 1L;

    public NotEntitled(String message) {
        super(HttpStatus.FORBIDDEN, message);
    }
}
