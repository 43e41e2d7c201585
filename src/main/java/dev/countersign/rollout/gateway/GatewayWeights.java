package dev.countersign.rollout.gateway;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;

/** The smallest weights that give the candidate exactly its share. The API takes whole numbers up to a million. */
record GatewayWeights(int stable, int candidate) {
    private static final int LARGEST = 1_000_000;
    private static final int DIGITS = 6;

    static GatewayWeights of(double share) throws IOException {
        if (!(share >= 0 && share <= 1)) {
            throw new IOException("A share is between 0 and 1, not " + share);
        }
        BigDecimal exact = BigDecimal.valueOf(share).stripTrailingZeros();
        if (exact.scale() > DIGITS) {
            throw new IOException("No weights give exactly a share of %s: six digits at most".formatted(share));
        }
        int candidate = exact.movePointRight(DIGITS).intValueExact();
        int both =
                BigInteger.valueOf(candidate).gcd(BigInteger.valueOf(LARGEST)).intValueExact();
        return new GatewayWeights((LARGEST - candidate) / both, candidate / both);
    }
}
