package dev.countersign.rollout;

/** A flag in the test's hands: it governs no release until the test says so. */
final class ScriptedSwitch implements KillSwitch {
    volatile String governed;
    volatile boolean stuck;
    volatile boolean on = true;

    @Override
    public boolean governs(String release) {
        return release.equals(governed);
    }

    @Override
    public void switchOff(String release) {
        if (stuck) {
            throw new IllegalStateException("the flag's system still says on");
        }
        on = false;
    }
}
