package shop;

/** Never compiled: SonarQube reads it. */
class Pay {
    int twice(int amount) {
        return 2 * amount;
    }
}
