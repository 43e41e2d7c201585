package dev.countersign.release;

import dev.countersign.api.Problem;
import org.springframework.http.HttpStatus;

public class ReleaseNotFound extends Problem {
    private static final long serialVersionUID = 1L;

    public ReleaseNotFound(String key) {
        super(HttpStatus.NOT_FOUND, "There is no release " + key);
    }
}
