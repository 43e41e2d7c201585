package dev.countersign.api;

import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.jackson.TypeNameResolver;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.Set;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
class OpenApiDescription {
    private static final String BASIC = "basic";

    /**
     * Names schemas by what they stand in: several modules have a {@code Change} or a {@code Position}, and under one name only one of them would be described,
     * for all.
     */
    @Bean
    ModelResolver schemas(ObjectMapperProvider mappers) {
        return new ModelResolver(mappers.jsonMapper(), new TypeNameResolver() {
                    @Override
                    protected String nameForClass(Class<?> type, Set<Options> options) {
                        return type.getEnclosingClass() == null
                                ? super.nameForClass(type, options)
                                : nameForClass(type.getEnclosingClass(), options) + type.getSimpleName();
                    }
                })
                .openapi31(true);
    }

    private static final String BEARER = "bearer";

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Countersign")
                        .version("1")
                        .description(
                                """
                                Release review and approval. Times are RFC 3339 with offset, durations ISO 8601, ratios fractions (0.05 = 5 %). \
                                Errors are RFC 9457 problem details. Every write takes an `Idempotency-Key`: the same key with the same request \
                                answers again what it answered first, for 24 hours; with another request it is refused (422).""")
                        .license(new License().name("Apache-2.0").url("https://www.apache.org/licenses/LICENSE-2.0")))
                .components(new Components()
                        .addSecuritySchemes(
                                BASIC,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("basic")
                                        .description(
                                                "A person or a service account of the engine. Webhooks check a signature or secret instead."))
                        .addSecuritySchemes(
                                BEARER,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .bearerFormat("JWT")
                                        .description("A token of the OpenID Connect issuer, where one is configured.")))
                .addSecurityItem(new SecurityRequirement().addList(BASIC))
                .addSecurityItem(new SecurityRequirement().addList(BEARER));
    }
}
