package dev.countersign.api;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.util.UriComponentsBuilder;

/** What no controller has answered: a problem for machines, a page for people, never a stack trace or an exception's text. */
@Controller
class Errors implements ErrorController {
    @RequestMapping("/error")
    Object error(HttpServletRequest request) {
        HttpStatus status = Optional.ofNullable((Integer) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE))
                .map(HttpStatus::resolve)
                .orElse(HttpStatus.INTERNAL_SERVER_ERROR);
        String path = String.valueOf(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI));
        if (path.startsWith("/api/") || path.startsWith("/v3/")) {
            ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, words(status, path));
            problem.setInstance(UriComponentsBuilder.fromPath(path).build().toUri());
            return ResponseEntity.status(status)
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .body(problem);
        }
        ModelAndView page = new ModelAndView("error", status);
        page.addObject("status", status.value());
        page.addObject("error", status.getReasonPhrase());
        page.addObject("path", path);
        // What a refusal says is for its reader; any other exception's text is not.
        if (request.getAttribute(DispatcherServlet.EXCEPTION_ATTRIBUTE) instanceof Problem problem) {
            page.addObject("detail", problem.getMessage());
        }
        return page;
    }

    private static String words(HttpStatus status, String path) {
        if (status == HttpStatus.NOT_FOUND) {
            return "There is nothing at " + path;
        }
        return status.is5xxServerError()
                ? "The fault is on our side and is in the log; trying again is safe with an Idempotency-Key"
                : status.getReasonPhrase();
    }
}
