package dev.countersign.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.api.IdempotencyStore.Stored;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * A write that carries an {@code Idempotency-Key} takes effect once: repeated, it answers again what it answered first. Only
 * successes are kept; what failed has changed nothing and may be tried again under the same key. After
 * draft-ietf-httpapi-idempotency-key-header.
 */
class Idempotency extends OncePerRequestFilter {
    static final String HEADER = "Idempotency-Key";
    private static final int LONGEST_KEY = 200;

    private final IdempotencyStore store;
    private final ObjectMapper json;

    Idempotency(IdempotencyStore store, ObjectMapper json) {
        this.store = store;
        this.json = json;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getHeader(HEADER) == null
                || request.getUserPrincipal() == null
                || !Set.of("POST", "PUT").contains(request.getMethod());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String key = request.getHeader(HEADER).strip();
        Principal actor = request.getUserPrincipal();
        if (key.isEmpty() || key.length() > LONGEST_KEY) {
            refuse(response, HttpStatus.BAD_REQUEST, "An Idempotency-Key has 1 to " + LONGEST_KEY + " characters");
        } else if (store.claim(actor.getName(), key)) {
            first(actor.getName(), key, request, response, chain);
        } else {
            again(store.find(actor.getName(), key), request, response);
        }
    }

    private void first(
            String actor, String key, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var hashed = new HashedRequest(request);
        var kept = new ContentCachingResponseWrapper(response);
        boolean answered = false;
        try {
            chain.doFilter(hashed, kept);
            if (kept.getStatus() >= 200 && kept.getStatus() < 300 && !request.isAsyncStarted()) {
                store.answer(
                        actor,
                        key,
                        new Stored(
                                hashed.hash(),
                                kept.getStatus(),
                                kept.getHeader(HttpHeaders.LOCATION),
                                kept.getContentType(),
                                kept.getContentAsByteArray()));
                answered = true;
            }
        } finally {
            if (!answered) {
                store.release(actor, key);
            }
            kept.copyBodyToResponse();
        }
    }

    private void again(Optional<Stored> found, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (found.isEmpty() || found.get().underWay()) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
            refuse(
                    response,
                    HttpStatus.CONFLICT,
                    "A request with this Idempotency-Key is under way; ask again in a moment");
        } else if (!found.get().requestHash().equals(new HashedRequest(request).hash())) {
            refuse(
                    response,
                    HttpStatus.UNPROCESSABLE_ENTITY,
                    "This Idempotency-Key was used for another request; a new request needs a new key");
        } else {
            repeat(found.get(), response);
        }
    }

    private static void repeat(Stored answer, HttpServletResponse response) throws IOException {
        response.setStatus(answer.status());
        if (answer.location() != null) {
            response.setHeader(HttpHeaders.LOCATION, answer.location());
        }
        if (answer.contentType() != null) {
            response.setContentType(answer.contentType());
        }
        response.setHeader("Idempotent-Replayed", "true");
        if (answer.body() != null) {
            response.getOutputStream().write(answer.body());
        }
    }

    private void refuse(HttpServletResponse response, HttpStatus status, String detail) throws IOException {
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        json.writeValue(response.getOutputStream(), ProblemDetail.forStatusAndDetail(status, detail));
    }
}
