package dev.holdfast.cli.load;

/**
 * What was read back.
 *
 * @param acknowledged messages whose append was answered with a success
 * @param stored messages that the streams hold
 * @param wrong streams that hold less than was acknowledged, or something else than was sent
 */
public record LoadCheck(long acknowledged, long stored, int wrong) {
    /** Whether everything is as it was acknowledged. */
    public boolean right() {
        return wrong == 0;
    }
}
