package dev.holdfast.benchmarks;

import java.util.Map;

/**
 * What every contestant of a part came to, one after the other, in the same minutes.
 *
 * @param disk measured just before
 * @param load the machine's load average just after
 * @param outcomes by contestant
 */
record Round(Disk disk, double load, Map<String, Outcome> outcomes) {
    Outcome of(String contestant) {
        Outcome outcome = outcomes.get(contestant);
        if (outcome == null) {
            throw new IllegalArgumentException("no contestant " + contestant + " among " + outcomes.keySet());
        }
        return outcome;
    }

    /** How often as fast one contestant was as another. */
    double ratio(String one, String other) {
        return of(one).rate() / of(other).rate();
    }
}
