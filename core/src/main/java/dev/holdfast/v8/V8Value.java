package dev.holdfast.v8;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** A value as it was serialized. What has an identity may be referred to, also from within itself. */
sealed interface V8Value {
    /** Values without anything more to them. A hole of an array is undefined here. */
    enum Plain implements V8Value {
        UNDEFINED,
        NULL,
        TRUE,
        FALSE
    }

    record Num(double value) implements V8Value {}

    record Big(BigInteger value) implements V8Value {}

    record Text(String value) implements V8Value {}

    /** A primitive as an object. */
    record Boxed(V8Value primitive) implements V8Value {}

    /**
     * A date.
     *
     * @param millis since 1970, with everything that a double can hold
     */
    record Date(double millis) implements V8Value {}

    /**
     * A regular expression.
     *
     * @param flags their letters in order
     */
    record RegExp(String source, String flags) implements V8Value {}

    /**
     * A buffer, a view on one, or the bytes of a host object: a part of the serialized bytes, which is not copied.
     *
     * @param buffer whether views may follow
     */
    record Bytes(byte[] all, int start, int length, boolean buffer) implements V8Value {}

    /** What holds other values, perhaps itself; it is filled as it is read. */
    sealed interface Container extends V8Value {}

    /** An object. */
    record Members(List<Property> properties) implements Container {
        Members() {
            this(new ArrayList<>());
        }
    }

    /**
     * An array.
     *
     * @param slots how many it has
     * @param dense the values of its first slots: of all of them, or of none
     * @param properties further slots, and properties that are none
     */
    record Items(long slots, List<V8Value> dense, List<Property> properties) implements Container {
        Items(long slots) {
            this(slots, new ArrayList<>(), new ArrayList<>());
        }
    }

    /**
     * A map.
     *
     * @param flat each key with its value behind it
     */
    record Pairs(List<V8Value> flat) implements Container {
        Pairs() {
            this(new ArrayList<>());
        }
    }

    /** A set. */
    record Elements(List<V8Value> values) implements Container {
        Elements() {
            this(new ArrayList<>());
        }
    }

    /**
     * An error.
     *
     * @param parts its name, message, stack and cause, as far as there are any, each once
     */
    record Failure(List<Property> parts) implements Container {
        Failure() {
            this(new ArrayList<>());
        }
    }

    /**
     * A property.
     *
     * @param name that of a number is its text in JavaScript
     */
    record Property(String name, V8Value value) {
        private static final int INDEX_DIGITS_MAX = 10;
        private static final long INDEX_MAX = 0xffff_fffeL;

        /** The slot of an array that it is; -1 when it is none. */
        long slot() {
            int length = name.length();
            if (length == 0 || length > INDEX_DIGITS_MAX || (length > 1 && name.charAt(0) == '0')) {
                return -1;
            }
            long index = 0;
            for (int i = 0; i < length; i++) {
                char digit = name.charAt(i);
                if (digit < '0' || digit > '9') {
                    return -1;
                }
                index = 10 * index + digit - '0';
            }
            return index <= INDEX_MAX ? index : -1;
        }
    }
}
