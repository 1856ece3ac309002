package dev.holdfast.engine;

/**
 * One entry of the change log: something in a room is not what it was.
 *
 * @param versionstamp of the commit
 * @param n its place within the commit, from 0
 * @param room such as {@code kv}
 * @param scope a part of the room, such as a collection's number; empty where the room has none
 * @param id what changed, in the room's own bytes; shared, not to be modified
 * @param kind what happened to it
 */
public record Change(long versionstamp, int n, String room, String scope, byte[] id, Kind kind) {

    /** What happened. The number is stored; it never changes its meaning. */
    public enum Kind {
        /** It was written. */
        SET(0),
        /** It was deleted on request. */
        DELETE(1),
        /** Its time had passed and it was collected. */
        EXPIRE(2);

        private static final Kind[] BY_NUMBER = values();

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        /** The stored number. */
        public int number() {
            return number;
        }

        /** The kind of a stored number, 0 to 2. */
        public static Kind of(int number) {
            return BY_NUMBER[number];
        }
    }
}
