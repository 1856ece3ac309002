package dev.holdfast.house;

import java.util.List;
import java.util.function.Function;

/** One type of each kind, for the test of the listing. */
public final class ApiSamples {
    private ApiSamples() {}

    /** A class with members of every visibility. */
    public abstract static class Sample<T extends Comparable<T>> implements AutoCloseable {
        /** Listed. */
        public static final int LIMIT = 7;

        final int hidden;

        /** Listed. */
        public Sample(int hidden) {
            this.hidden = hidden;
        }

        /** Listed, with everything a signature can have. */
        @SafeVarargs
        public final <E extends Exception> int map(Function<? super T, E> mapper, List<String>... names) throws E {
            return names.length;
        }

        /** Listed. */
        protected abstract void reset();

        abstract void hide();

        @Override
        public void close() {}

        @Override
        public String toString() {
            return "left out";
        }
    }

    /** A closed set. */
    public sealed interface Shape permits Point {
        /** Listed as default. */
        default boolean isFlat() {
            return true;
        }

        /** Listed as static. */
        static Shape none() {
            return new Point(0, List.of());
        }
    }

    /** A record. */
    public record Point(int x, List<String> names) implements Shape {}

    /** An enum. */
    public enum Size {
        SMALL,
        BIG
    }

    /** Has a hidden superclass. */
    public static final class Lent extends Lender {}

    abstract static class Lender {
        /** Usable through the subclass. */
        public int lentSize() {
            return 1;
        }
    }

    static class Hidden {
        /** Public in a hidden type. */
        public static class Nested {}
    }
}
