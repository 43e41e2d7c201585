package dev.countersign.observe.correlation;

import org.apache.commons.numbers.gamma.RegularizedBeta;

/** Tails of the binomial distribution, for counts that were divided by their dispersion and are whole no more. */
final class Tail {
    private Tail() {}

    /** P(X ≥ k) of n, each with the chance p. */
    static double atLeast(double k, double n, double p) {
        if (k <= 0) {
            return 1;
        }
        if (k > n) {
            return 0;
        }
        return RegularizedBeta.value(p, k, n - k + 1);
    }

    /** P(X ≤ k) of n, each with the chance p. */
    static double atMost(double k, double n, double p) {
        return k >= n ? 1 : 1 - atLeast(k + 1, n, p);
    }
}
