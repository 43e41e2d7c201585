package dev.countersign.observe;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsProcessor;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * What a browser asks before it sends beacons as JSON (CORS, in the Fetch standard). Answered for the origins of the service's pages and for no other, by name and never by
 * {@code *}: {@code navigator.sendBeacon} always sends credentials along, which nobody looks at here.
 */
class RumPreflight extends OncePerRequestFilter {
    static final String PATH = "/api/rum";
    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    private final CorsProcessor cors = new DefaultCorsProcessor();
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
        String named = request.getParameter("service");
        String service = named == null ? origins.serviceAt(request.getHeader(HttpHeaders.ORIGIN)) : named;
        CorsConfiguration policy = new CorsConfiguration();
        policy.setAllowedOrigins(origins.of(service));
        policy.setAllowedMethods(List.of(HttpMethod.POST.name()));
        policy.setAllowedHeaders(List.of(HttpHeaders.CONTENT_TYPE));
        policy.setAllowCredentials(true);
        policy.setMaxAge(REMEMBERED);
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        // Answers with 403 where the policy does not allow it.
        cors.processRequest(policy, request, response);
    }
}
