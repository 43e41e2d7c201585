package dev.countersign.portfolio;

import dev.countersign.api.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.servlet.ModelAndView;

/** A refusal on a page is a page, in the words of the refusal. */
@ControllerAdvice(
        assignableTypes = {
            ReleasesPage.class,
            ReleasePage.class,
            ServicesPage.class,
            TasksPage.class,
            OperationsPage.class
        })
@Order(Ordered.HIGHEST_PRECEDENCE)
class PageProblems {
    @ExceptionHandler
    ModelAndView refused(Problem problem, HttpServletRequest request) {
        return new ModelAndView(
                "error",
                Map.of(
                        "status", problem.getStatusCode().value(),
                        "error", "Not possible",
                        "detail", problem.getMessage(),
                        "path", request.getRequestURI()),
                problem.getStatusCode());
    }
}
