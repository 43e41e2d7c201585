package dev.countersign.identity;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.ComponentScan;

/** The engine, its web applications and what guards them, without the rest of the platform. No stereotype: scans pass it by. */
@EnableAutoConfiguration
@ConfigurationPropertiesScan({"dev.countersign.identity", "dev.countersign.api", "dev.countersign.workflow"})
@ComponentScan({"dev.countersign.identity", "dev.countersign.api", "dev.countersign.workflow"})
class GuardedApplication {
    public static void main(String[] args) {
        SpringApplication.run(GuardedApplication.class, args);
    }
}
