package dev.holdfast.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Runs a program of random steps, usually against something and its model, and says on failure what led there.
 *
 * <p>The steps follow from the seed alone. A failure names it with the last steps, and {@code -Dholdfast.seed=<number>}
 * runs the same program again. One thread at a time.
 */
public final class RandomProgram {
    /** The system property that fixes the seed. */
    public static final String SEED_PROPERTY = "holdfast.seed";

    private static final int STEPS_SHOWN = 50;

    private final long seed;
    private final SplittableRandom random;
    private final Deque<String> last = new ArrayDeque<>(STEPS_SHOWN);
    private int count;

    private RandomProgram(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** A program with the seed of the system property, or another one each time. */
    public static RandomProgram seeded() {
        Long fixed = Long.getLong(SEED_PROPERTY);
        return new RandomProgram(fixed != null ? fixed : new SplittableRandom().nextInt(Integer.MAX_VALUE));
    }

    /** A program with this seed, whatever the system property says. */
    public static RandomProgram of(long seed) {
        return new RandomProgram(seed);
    }

    /** The seed. */
    public long seed() {
        return seed;
    }

    /** The source of everything random in the program; use no other. */
    public RandomGenerator random() {
        return random;
    }

    /** One of these, each as likely as the others. */
    public <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** True in so many of a hundred cases. */
    public boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /**
     * Makes and runs steps one after the other. May be called again: the steps go on counting.
     *
     * @param steps how many, 1 or more
     * @param next makes the next step; what it draws and what the step draws comes from {@link #random()}
     * @throws AssertionError a step, or the making of one, threw; with the seed and the last 50 steps
     */
    public void run(int steps, Function<RandomProgram, Step> next) {
        for (int i = 0; i < steps; i++) {
            count++;
            try {
                Step step = next.apply(this);
                note(step.text);
                step.action.run();
            } catch (RuntimeException | Error e) {
                throw new AssertionError(story(e), e);
            }
        }
    }

    private void note(String text) {
        if (last.size() == STEPS_SHOWN) {
            last.removeFirst();
        }
        last.addLast(count + " " + text);
    }

    private String story(Throwable cause) {
        return "the random program failed at step " + count + "; run it again with -D" + SEED_PROPERTY + "=" + seed
                + "\n" + cause + "\nlast steps:\n  " + String.join("\n  ", last);
    }

    /**
     * One step.
     *
     * @param text what it does, for the failure's message
     * @param action does it, and checks what must hold
     */
    public record Step(String text, Runnable action) {
        /** Refuses null. */
        public Step {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(action, "action");
        }
    }
}
