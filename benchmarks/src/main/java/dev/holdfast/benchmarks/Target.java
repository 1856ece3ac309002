package dev.holdfast.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A figure that is worked out for each round, and what its median should be.
 *
 * @param text what is compared
 * @param figure of one round
 * @param bound what is aimed at
 * @param direction whether the bound is the least or the most
 */
record Target(String text, ToDoubleFunction<Round> figure, double bound, Direction direction) {
    /** What a bound means. */
    enum Direction {
        AT_LEAST,
        AT_MOST
    }

    /** One contestant's rate over another's. */
    static Target atLeast(double bound, String one, String other) {
        return new Target(one + " / " + other, round -> round.ratio(one, other), bound, Direction.AT_LEAST);
    }

    /** A figure that a contestant reports by itself. */
    static Target atMost(double bound, String contestant, String detail) {
        return new Target(
                contestant + ": " + detail, round -> round.of(contestant).detail(detail), bound, Direction.AT_MOST);
    }

    double median(List<Round> rounds) {
        return Medians.of(rounds.stream().mapToDouble(figure));
    }

    boolean met(double value) {
        return direction == Direction.AT_LEAST ? value >= bound : value <= bound;
    }

    String boundText() {
        return (direction == Direction.AT_LEAST ? ">= " : "<= ") + Figures.short3(bound);
    }
}
