package dev.countersign.evidence.migration;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HexFormat;
import java.util.Set;

/**
 * SHA-256 over values in their order. Each is preceded by its length, so that {@code ab, c} is not {@code a, bc}; a number counts by its value, so that a
 * column may become wider.
 */
final class RowDigest {
    private static final Set<Integer> NUMBERS = Set.of(
            Types.TINYINT,
            Types.SMALLINT,
            Types.INTEGER,
            Types.BIGINT,
            Types.NUMERIC,
            Types.DECIMAL,
            Types.REAL,
            Types.FLOAT,
            Types.DOUBLE);
    private static final Set<Integer> BYTES = Set.of(Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB);
    private static final byte[] ABSENT = ByteBuffer.allocate(4).putInt(-1).array();

    private final MessageDigest digest = sha256();
    private long bytes;

    /** The value as text; null where it is absent. */
    String add(ResultSet row, int column, int type) throws SQLException {
        String text = text(row, column, type);
        if (text == null) {
            digest.update(ABSENT);
            bytes += ABSENT.length;
            return null;
        }
        byte[] value = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(value.length).array());
        digest.update(value);
        bytes += 4L + value.length;
        return text;
    }

    private static String text(ResultSet row, int column, int type) throws SQLException {
        if (BYTES.contains(type)) {
            byte[] value = row.getBytes(column);
            return value == null ? null : HexFormat.of().formatHex(value);
        }
        String value = row.getString(column);
        return value != null && NUMBERS.contains(type) ? number(value) : value;
    }

    static String number(String value) {
        try {
            return new BigDecimal(value).stripTrailingZeros().toPlainString();
        } catch (NumberFormatException infinite) {
            return value;
        }
    }

    long bytes() {
        return bytes;
    }

    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
