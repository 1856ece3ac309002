package dev.holdfast.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoadPlanTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void requestsOfARateAreDueAtEvenDistancesWhateverTheAnswers() {
        LoadPlan plan = LoadPlan.open(100, 2 * SECOND);

        assertThat(plan.requestsMax()).isEqualTo(200);
        assertThat(plan.dueNanos(0)).isZero();
        assertThat(plan.dueNanos(150)).isEqualTo(3 * SECOND / 2);
        assertThat(plan.goesOn(199, 60 * SECOND)).isTrue();
        assertThat(plan.goesOn(200, 0)).isFalse();
    }

    @Test
    void withoutARateTheTimeEndsIt() {
        LoadPlan plan = LoadPlan.closed(SECOND);

        assertThat(plan.isOpen()).isFalse();
        assertThat(plan.dueNanos(1_000)).isZero();
        assertThat(plan.goesOn(1_000, SECOND - 1)).isTrue();
        assertThat(plan.goesOn(1_000, SECOND)).isFalse();
    }

    @Test
    void withoutATimeTheNumberEndsIt() {
        LoadPlan plan = LoadPlan.requests(3);

        assertThat(plan.goesOn(2, Long.MAX_VALUE - 1)).isTrue();
        assertThat(plan.goesOn(3, 0)).isFalse();
    }
}
