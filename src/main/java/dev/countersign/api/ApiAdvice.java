package dev.countersign.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.countersign.api.Problem.FieldError;
import java.beans.PropertyEditorSupport;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.AuthorizationException;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.InitBinder;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** What is wrong with a request, where (JSON pointer), and what would be right. Unexpected failures are left to {@link Errors}. */
@RestControllerAdvice(annotations = RestController.class)
class ApiAdvice extends ResponseEntityExceptionHandler {
    @Override
    protected ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException invalid, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<FieldError> errors = invalid.getBindingResult().getFieldErrors().stream()
                .map(field -> new FieldError(
                        pointer(field.getField()),
                        field.isBindingFailure()
                                ? notUsable(field.getRejectedValue(), typeOf(invalid, field.getField()))
                                : field.getDefaultMessage()))
                .toList();
        return answer(Problem.invalid(
                errors.stream()
                        .map(error -> error.pointer() + " " + error.message())
                        .collect(Collectors.joining("; ")),
                errors));
    }

    /** Text of an address, like text of a body, has no control characters: PostgreSQL does not even take NUL. */
    @InitBinder
    void onlyPrintableText(WebDataBinder binder) {
        binder.registerCustomEditor(String.class, new PrintableOnly());
    }

    private static final class PrintableOnly extends PropertyEditorSupport {
        @Override
        public void setAsText(String text) {
            if (text != null && !PrintableText.isPrintable(text)) {
                throw new IllegalArgumentException("control characters");
            }
            setValue(text);
        }
    }

    @Override
    protected ResponseEntity<Object> handleMissingServletRequestParameter(
            MissingServletRequestParameterException missing,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return answer(Problem.invalid("/" + missing.getParameterName(), "is missing in the address"));
    }

    @Override
    protected ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException mismatch, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String name = mismatch instanceof MethodArgumentTypeMismatchException argument
                ? argument.getName()
                : String.valueOf(mismatch.getPropertyName());
        return answer(Problem.invalid("/" + name, notUsable(mismatch.getValue(), mismatch.getRequiredType())));
    }

    @Override
    protected ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException unreadable,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        if (unreadable.getCause() instanceof JsonMappingException mapping
                && !mapping.getPath().isEmpty()) {
            return answer(Problem.invalid(pointer(mapping), words(mapping)));
        }
        if (unreadable.getCause() instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return answer(Problem.of(
                    HttpStatus.BAD_REQUEST, "The body must be " + shape(mismatch.getTargetType()), java.util.Map.of()));
        }
        if (unreadable.getCause() instanceof JsonProcessingException broken && broken.getLocation() != null) {
            return answer(Problem.of(
                    HttpStatus.BAD_REQUEST,
                    "The body is not JSON: line %d, column %d: %s"
                            .formatted(
                                    broken.getLocation().getLineNr(),
                                    broken.getLocation().getColumnNr(),
                                    broken.getOriginalMessage()),
                    java.util.Map.of()));
        }
        return answer(Problem.of(HttpStatus.BAD_REQUEST, "The body is missing or cannot be read", java.util.Map.of()));
    }

    /** The engine's own authorizations, met on the way: the same answer as ours, without the names of its permissions. */
    @ExceptionHandler
    ResponseEntity<Object> notAuthorized(AuthorizationException refused) {
        return answer(Problem.forbidden(refused.getUserId() + " may not do this in the engine"));
    }

    private static ResponseEntity<Object> answer(Problem problem) {
        ProblemDetail body = problem.getBody();
        return ResponseEntity.status(problem.getStatusCode()).body(body);
    }

    private static Class<?> typeOf(MethodArgumentNotValidException invalid, String field) {
        return invalid.getBindingResult().getFieldType(field);
    }

    private static String notUsable(Object value, Class<?> wanted) {
        if (wanted == String.class) {
            return "must not contain control characters";
        }
        return "\"%s\" is not %s".formatted(value, wanted == null ? "what belongs here" : kind(wanted));
    }

    private static String kind(Class<?> target) {
        if (target.isEnum()) {
            return "one of "
                    + Arrays.stream(target.getEnumConstants())
                            .map(Object::toString)
                            .collect(Collectors.joining(", "));
        }
        if (target == Instant.class) {
            return "a time, for example 2026-11-24T20:00:00+01:00";
        }
        if (target == int.class || target == long.class || target == Integer.class || target == Long.class) {
            return "a whole number";
        }
        if (target == Duration.class) {
            return "a duration, for example PT60S";
        }
        return "a " + target.getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String words(JsonMappingException wrong) {
        if (wrong instanceof UnrecognizedPropertyException unknown) {
            return "There is no \"%s\" here; known are %s"
                    .formatted(
                            unknown.getPropertyName(),
                            unknown.getKnownPropertyIds().stream()
                                    .map(Object::toString)
                                    .sorted()
                                    .collect(Collectors.joining(", ")));
        }
        if (wrong instanceof InvalidFormatException format) {
            return "\"%s\" is not %s".formatted(format.getValue(), kind(format.getTargetType()));
        }
        String message = wrong.getOriginalMessage().lines().findFirst().orElse("cannot be read");
        // Jackson's own words name our classes.
        return wrong instanceof MismatchedInputException mismatch
                        && mismatch.getTargetType() != null
                        && message.startsWith("Cannot ")
                ? "must be " + shape(mismatch.getTargetType())
                : message;
    }

    private static String shape(Class<?> target) {
        if (Collection.class.isAssignableFrom(target) || target.isArray()) {
            return "a list";
        }
        if (target == String.class) {
            return "text";
        }
        if (Number.class.isAssignableFrom(target) || (target.isPrimitive() && target != boolean.class)) {
            return "a number";
        }
        if (target == boolean.class || target == Boolean.class) {
            return "true or false";
        }
        return target == Instant.class ? "a time, for example 2026-11-24T20:00:00+01:00" : "an object";
    }

    private static String pointer(JsonMappingException wrong) {
        return wrong.getPath().stream().map(ApiAdvice::step).collect(Collectors.joining());
    }

    private static String step(Reference reference) {
        return "/"
                + (reference.getFieldName() == null
                        ? String.valueOf(reference.getIndex())
                        : reference.getFieldName().replace("~", "~0").replace("/", "~1"));
    }

    /** For example {@code artifacts[0].digest} becomes {@code /artifacts/0/digest}. */
    private static String pointer(String path) {
        return "/" + path.replace("].", "/").replace("]", "").replace('[', '/').replace('.', '/');
    }
}
