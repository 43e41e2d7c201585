package dev.countersign.catalog;

import java.util.List;

/**
 * A Backstage group.
 *
 * @param id the group's id in the engine
 * @param type {@code team}, {@code business-unit} or what the file says
 * @param unit the business unit above it: the nearest ancestor of type {@code business-unit}, else the topmost
 * @param members ids of the people whom the files name as members
 */
public record Team(String id, String title, String type, String unit, List<String> members, String file) {}
