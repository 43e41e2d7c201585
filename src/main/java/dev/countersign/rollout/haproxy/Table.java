package dev.countersign.rollout.haproxy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A table as HAProxy writes it: columns are named in the line that begins with {@code # }, since their number grows with its version. */
final class Table {
    private Table() {}

    static List<Map<String, String>> read(String answer, String separator, String about) throws IOException {
        String[] columns = null;
        List<Map<String, String>> rows = new ArrayList<>();
        for (String line : answer.lines().toList()) {
            if (line.startsWith("# ")) {
                columns = line.substring(2).split(separator, -1);
            } else if (columns != null && !line.isBlank()) {
                String[] cells = line.split(separator, -1);
                Map<String, String> row = new HashMap<>();
                for (int index = 0; index < Math.min(columns.length, cells.length); index++) {
                    row.put(columns[index], cells[index]);
                }
                rows.add(row);
            }
        }
        if (columns == null || rows.isEmpty()) {
            throw new IOException("HAProxy reports nothing of %s: %s"
                    .formatted(
                            about,
                            answer.lines()
                                    .findFirst()
                                    .filter(line -> !line.startsWith("#"))
                                    .orElse("no row")));
        }
        return rows;
    }

    static long number(Map<String, String> row, String column) throws IOException {
        try {
            return Long.parseLong(row.getOrDefault(column, ""));
        } catch (NumberFormatException missing) {
            throw new IOException("HAProxy reports no " + column, missing);
        }
    }
}
