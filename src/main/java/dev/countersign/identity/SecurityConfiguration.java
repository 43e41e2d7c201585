package dev.countersign.identity;

import static org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher.withDefaults;

import jakarta.servlet.DispatcherType;
import java.util.LinkedHashMap;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.webapp.impl.security.auth.ContainerBasedAuthenticationFilter;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.DelegatingAuthenticationEntryPoint;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * The ways in. Machines use Basic, or a bearer token of the configured issuer, on stateless paths, where a cookie never counts; people log in once at {@code /login}, for our
 * pages and Camunda's. Paths are matched as path patterns: string matchers are tied to Spring MVC's servlet and miss Jersey's.
 */
@Configuration
class SecurityConfiguration {
    /** Pages load from here and nowhere else. Styles may stand inline: diagram and chart libraries set them. */
    static final String CONTENT_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
            + " font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'";

    private static final String CAMUNDA_SETUP = "/camunda/api/admin/setup/**";
    private static final String CAMUNDA_LOGIN = "/camunda/api/admin/auth/user/{engine}/login/**";
    private static final String CAMUNDA_LOGOUT = "/camunda/api/admin/auth/user/{engine}/logout";
    private static final String CAMUNDA_VERIFY = "/camunda/api/engine/engine/{engine}/identity/verify";
    private static final String REST_VERIFY = "/engine-rest/identity/verify";
    private static final String REST_VERIFY_OF_ENGINE = "/engine-rest/engine/{engine}/identity/verify";
    /** These check a signature, a secret or the origin themselves. */
    private static final RequestMatcher OWN_SECRETS = anyOf("/api/webhooks/**", "/api/rum");

    private static final int BEFORE_CAMUNDAS_OWN_FILTERS = 201;

    private final ActAsUser actAsUser;
    private final BearerTokens bearerTokens;
    private final ProblemAnswers problems = new ProblemAnswers();
    private final ReadOnly readOnlyForAuditors = new ReadOnly();

    SecurityConfiguration(IdentityService identity, BearerTokens bearerTokens) {
        this.bearerTokens = bearerTokens;
        this.actAsUser = new ActAsUser(identity);
    }

    /**
     * Closed to everybody, always: Camunda's set-up creates an administrator for whoever asks while there is none
     * (CVE-2026-77226), its own login would put another user beside the one who is logged in here, and its check of a password would let whoever is logged
     * in guess the others' without being slowed down.
     */
    @Bean
    @Order(0)
    SecurityFilterChain closed(HttpSecurity http) throws Exception {
        return http.securityMatcher(
                        anyOf(CAMUNDA_SETUP, CAMUNDA_LOGIN, CAMUNDA_VERIFY, REST_VERIFY, REST_VERIFY_OF_ENGINE))
                .authorizeHttpRequests(requests -> requests.anyRequest().denyAll())
                .csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .exceptionHandling(
                        refused -> refused.authenticationEntryPoint(new HttpStatusEntryPoint(HttpStatus.FORBIDDEN)))
                .build();
    }

    @Bean
    @Order(1)
    SecurityFilterChain machines(HttpSecurity http) throws Exception {
        bearerTokens.takeIn(http, OWN_SECRETS, problems);
        return http.securityMatcher(anyOf("/api/**", "/engine-rest/**", "/actuator/**"))
                .authorizeHttpRequests(
                        requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.FORWARD)
                                .permitAll()
                                .requestMatchers(OWN_SECRETS)
                                .permitAll()
                                .requestMatchers(anyOf("/actuator/health/liveness", "/actuator/health/readiness"))
                                .permitAll()
                                .requestMatchers(anyOf("/actuator/**"))
                                .hasAnyAuthority(Role.MONITORING.id(), Role.SRE.id(), Role.ADMIN.id())
                                .requestMatchers(anyOf("/engine-rest/**"))
                                .authenticated()
                                .anyRequest()
                                .access(readOnlyForAuditors))
                .httpBasic(basic -> basic.authenticationEntryPoint(problems))
                .exceptionHandling(
                        refused -> refused.authenticationEntryPoint(problems).accessDeniedHandler(problems))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                // Safe: no cookie authenticates here.
                .csrf(AbstractHttpConfigurer::disable)
                .headers(this::headers)
                .addFilterAfter(actAsUser, AuthorizationFilter.class)
                .build();
    }

    /** The API's description is for anybody to read: it says how to ask, and holds nothing of any release. */
    @Bean
    @Order(2)
    SecurityFilterChain apiDescription(HttpSecurity http) throws Exception {
        return http.securityMatcher(anyOf("/v3/api-docs/**", "/v3/api-docs.yaml", "/swagger-ui/**", "/swagger-ui.html"))
                .authorizeHttpRequests(
                        requests -> requests.requestMatchers(withDefaults().matcher(HttpMethod.GET, "/**"))
                                .permitAll()
                                .anyRequest()
                                .denyAll())
                .exceptionHandling(
                        refused -> refused.authenticationEntryPoint(problems).accessDeniedHandler(problems))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.NEVER))
                .requestCache(AbstractHttpConfigurer::disable)
                .headers(this::headers)
                .build();
    }

    @Bean
    @Order(3)
    SecurityFilterChain people(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ERROR, DispatcherType.FORWARD)
                        .permitAll()
                        .requestMatchers(anyOf("/login", "/first-administrator", "/css/**", "/img/**", "/favicon.ico"))
                        .permitAll()
                        .requestMatchers(anyOf("/logout", "/camunda/**"))
                        .authenticated()
                        .anyRequest()
                        .access(readOnlyForAuditors))
                .formLogin(form -> form.loginPage("/login").permitAll())
                .logout(logout -> logout.logoutRequestMatcher(new OrRequestMatcher(
                                withDefaults().matcher(HttpMethod.POST, "/logout"),
                                withDefaults().matcher(HttpMethod.POST, CAMUNDA_LOGOUT)))
                        .logoutSuccessUrl("/login?logout")
                        .defaultLogoutSuccessHandlerFor(
                                (request, response, login) -> response.setStatus(HttpStatus.NO_CONTENT.value()),
                                withDefaults().matcher(HttpMethod.POST, CAMUNDA_LOGOUT)))
                // Camunda's pages have a guard of their own, with a cookie that Spring's cookie repository would
                // overwrite.
                .csrf(csrf -> csrf.ignoringRequestMatchers(anyOf("/camunda/**")))
                .exceptionHandling(refused -> refused.authenticationEntryPoint(loginPage()))
                .headers(this::headers)
                .addFilterAfter(actAsUser, AuthorizationFilter.class)
                .build();
    }

    /** After Spring Security, before Camunda's own authentication filter. */
    @Bean
    FilterRegistrationBean<ContainerBasedAuthenticationFilter> singleLogin() {
        var registration = new FilterRegistrationBean<>(new ContainerBasedAuthenticationFilter());
        registration.setOrder(BEFORE_CAMUNDAS_OWN_FILTERS);
        registration.addUrlPatterns("/camunda/app/*", "/camunda/api/*");
        registration.addInitParameter("authentication-provider", SingleLogin.class.getName());
        return registration;
    }

    private void headers(HeadersConfigurer<HttpSecurity> headers) {
        headers.contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_POLICY))
                .frameOptions(HeadersConfigurer.FrameOptionsConfig::sameOrigin)
                .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                .httpStrictTransportSecurity(Customizer.withDefaults());
    }

    /** Tasklist's own calls shall learn that the session is over, not receive a login page. */
    private static AuthenticationEntryPoint loginPage() {
        var entryPoints = new LinkedHashMap<RequestMatcher, AuthenticationEntryPoint>();
        entryPoints.put(anyOf("/camunda/api/**"), new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED));
        var entryPoint = new DelegatingAuthenticationEntryPoint(entryPoints);
        entryPoint.setDefaultEntryPoint(new LoginUrlAuthenticationEntryPoint("/login"));
        return entryPoint;
    }

    private static RequestMatcher anyOf(String... patterns) {
        RequestMatcher[] matchers = new RequestMatcher[patterns.length];
        for (int i = 0; i < patterns.length; i++) {
            matchers[i] = withDefaults().matcher(patterns[i]);
        }
        return new OrRequestMatcher(matchers);
    }
}
