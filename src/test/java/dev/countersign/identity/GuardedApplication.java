package dev.countersign.identity;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.ComponentScan;

/** The engine, its web applications and what guards them, without the rest of the platform. No stereotype: scans pass it by. */
@EnableAutoConfiguration
@ComponentScan({"dev.countersign.identity", "dev.countersign.api"})
class GuardedApplication {
    public static void main(String[] args) {
        SpringApplication.run(GuardedApplication.class, args);
    }
}
