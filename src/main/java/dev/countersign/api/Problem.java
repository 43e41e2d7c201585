package dev.countersign.api;

import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** A refusal for the reader (RFC 9457): what was wrong, where, and what would be right. */
public class Problem extends ErrorResponseException {
    private static final long serialVersionUID = 1L;

    /** @param pointer JSON pointer of the field at fault */
    public record FieldError(String pointer, String message) {}

    protected Problem(HttpStatus status, String detail) {
        super(status, ProblemDetail.forStatusAndDetail(status, detail), null);
    }

    private Problem(HttpStatus status, String detail, Map<String, ?> properties) {
        this(status, detail);
        properties.forEach(getBody()::setProperty);
    }

    /** 422 with the fields at fault. */
    public static Problem invalid(String detail, List<FieldError> errors) {
        return new Problem(HttpStatus.UNPROCESSABLE_ENTITY, detail, Map.of("errors", errors));
    }

    public static Problem invalid(String pointer, String message) {
        return invalid(message, List.of(new FieldError(pointer, message)));
    }

    public static Problem notFound(String detail) {
        return new Problem(HttpStatus.NOT_FOUND, detail);
    }

    public static Problem forbidden(String detail) {
        return new Problem(HttpStatus.FORBIDDEN, detail);
    }

    public static Problem conflict(String detail) {
        return new Problem(HttpStatus.CONFLICT, detail);
    }

    /** A refusal with further members beside the standard ones, for example both values of a mismatch. */
    public static Problem of(HttpStatus status, String detail, Map<String, ?> properties) {
        return new Problem(status, detail, properties);
    }

    /** The fields at fault; empty where it is about none. */
    public List<FieldError> errors() {
        Map<String, Object> properties = getBody().getProperties();
        return properties != null && properties.get("errors") instanceof List<?> errors
                ? errors.stream()
                        .filter(FieldError.class::isInstance)
                        .map(FieldError.class::cast)
                        .toList()
                : List.of();
    }

    @Override
    public String getMessage() {
        return getBody().getDetail();
    }
}
