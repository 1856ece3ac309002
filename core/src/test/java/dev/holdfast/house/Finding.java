package dev.holdfast.house;

/**
 * One place that breaks a rule; prints as {@code path:line: what}, which editors turn into a link.
 *
 * @param path relative to the root of the checkout
 * @param line from 1
 * @param what what is wrong there and what is allowed
 */
record Finding(String path, int line, String what) {
    @Override
    public String toString() {
        return path + ":" + line + ": " + what;
    }
}
