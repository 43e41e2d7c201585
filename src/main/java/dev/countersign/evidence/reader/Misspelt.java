package dev.countersign.evidence.reader;

import java.util.Locale;
import java.util.Set;

/** A property that decides a verdict must not go unread because of a typing error. */
final class Misspelt {
    private Misspelt() {}

    /** @param name a property that the reader does not know; @param decisive the properties that decide, at this place */
    static void refuse(JsonCursor json, String name, Set<String> decisive) throws Unreadable {
        String right = near(name, decisive);
        if (right != null) {
            throw json.fault("the property '" + Words.of(name) + "' is not known here; '" + right + "' would be right");
        }
    }

    /** The word that was meant, or null. */
    static String near(String name, Set<String> decisive) {
        for (String right : decisive) {
            if (!name.equals(right) && isNear(name.toLowerCase(Locale.ROOT), right.toLowerCase(Locale.ROOT))) {
                return right;
            }
        }
        return null;
    }

    /** One letter, or two swapped ones, apart; or the same in another case or number. */
    private static boolean isNear(String one, String other) {
        if (Math.abs(one.length() - other.length()) > 2) {
            return false;
        }
        int[][] cost = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + change);
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[one.length()][other.length()] <= (other.length() > 8 ? 2 : 1);
    }
}
