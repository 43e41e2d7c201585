package dev.countersign.catalog;

/** Where services run: a Backstage resource of type {@code environment}. */
public record Environment(String name, String title, String description, String owner, String file) {}
