package dev.countersign.observe;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * What a browser asks before it sends beacons as JSON (CORS, in the Fetch standard). Answered for the origins of the service's pages and for no other, by name and never by
 * {@code *}: {@code navigator.sendBeacon} always sends credentials along, which nobody looks at here.
 */
@Component
class RumPreflight extends OncePerRequestFilter {
    static final String PATH = "/api/rum";
    private static final String SECONDS = "600";
    private final RumOrigins origins;

    RumPreflight(RumOrigins origins) {
        this.origins = origins;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !PATH.equals(request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo()))
                || !CorsUtils.isPreFlightRequest(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String asked = request.getHeader(HttpHeaders.ORIGIN);
        String named = request.getParameter("service");
        Optional<String> origin = origins.heard(named == null ? origins.serviceAt(asked) : named, asked)
                .filter(known ->
                        HttpMethod.POST.name().equals(request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)));
        response.addHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        if (origin.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin.get());
        response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, HttpMethod.POST.name());
        response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, HttpHeaders.CONTENT_TYPE);
        response.setHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, SECONDS);
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }
}
