package dev.countersign.workflow;

import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

@RestControllerAdvice
class TaskRefusedAdvice {
    @ExceptionHandler
    ProblemDetail refused(TaskRefused refusal) {
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(HttpStatus.valueOf(refusal.status()), refusal.getMessage());
        if (refusal.field() != null) {
            problem.setProperty(
                    "errors", List.of(Map.of("pointer", "/" + refusal.field(), "message", refusal.getMessage())));
        }
        return problem;
    }
}
