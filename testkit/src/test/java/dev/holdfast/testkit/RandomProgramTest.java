package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.RandomProgram.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RandomProgramTest {
    @Test
    void theSameSeedMakesTheSameSteps() {
        List<Integer> one = draw(RandomProgram.of(7));

        List<Integer> two = draw(RandomProgram.of(7));
        List<Integer> other = draw(RandomProgram.of(8));

        assertThat(two).isEqualTo(one).hasSize(200);
        assertThat(other).isNotEqualTo(one);
    }

    @Test
    void aFailureNamesItsSeedItsStepAndTheLastFiftySteps() {
        RandomProgram program = RandomProgram.of(42);
        int[] step = {0};

        assertThatThrownBy(() -> program.run(100, random -> {
                    int number = ++step[0];
                    return new Step("do" + number, () -> {
                        if (number == 70) {
                            throw new IllegalStateException("wrong");
                        }
                    });
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("at step 70")
                .hasMessageContaining("-Dholdfast.seed=42")
                .hasMessageContaining("\n  21 do21\n")
                .hasMessageContaining("70 do70")
                .hasMessageNotContaining("20 do20")
                .hasRootCauseMessage("wrong");
    }

    @Test
    void aStepThatCannotBeMadeIsAFailureToo() {
        RandomProgram program = RandomProgram.of(1);

        assertThatThrownBy(() -> program.run(1, random -> {
                    throw new AssertionError("no step");
                }))
                .hasMessageContaining("at step 1")
                .hasRootCauseMessage("no step");
    }

    @Test
    void theSystemPropertyFixesTheSeed() {
        String before = System.setProperty(RandomProgram.SEED_PROPERTY, "4711");
        try {
            assertThat(RandomProgram.seeded().seed()).isEqualTo(4711);
        } finally {
            restore(before);
        }
    }

    @Test
    void choicesCoverEverythingOffered() {
        RandomProgram program = RandomProgram.of(3);
        List<String> drawn = new ArrayList<>();

        program.run(100, random -> new Step("draw", () -> drawn.add(random.oneOf(List.of("a", "b", "c")))));

        assertThat(drawn).hasSize(100).contains("a", "b", "c");
        assertThat(program.chance(0)).isFalse();
        assertThat(program.chance(100)).isTrue();
    }

    private static List<Integer> draw(RandomProgram program) {
        List<Integer> drawn = new ArrayList<>();
        program.run(
                200, random -> new Step("draw", () -> drawn.add(random.random().nextInt(1_000))));
        return drawn;
    }

    private static void restore(@org.jspecify.annotations.Nullable String value) {
        if (value == null) {
            System.clearProperty(RandomProgram.SEED_PROPERTY);
        } else {
            System.setProperty(RandomProgram.SEED_PROPERTY, value);
        }
    }
}
