package dev.holdfast.cli.load;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What a loop asks, one request after the other; used by its thread alone. */
interface LoadRequests {
    /** No request is longer. */
    int bytesMax();

    /** Whether there is one to be sent now. */
    boolean hasNext();

    /**
     * Writes the next one.
     *
     * @param stamp what its messages bear
     * @return a number by which it is known afterwards
     */
    int next(ByteBuffer out, long stamp);

    /** It was answered with a success. */
    void answered(int number, long stamp, LoadSink sink, LoadParser answer) throws IOException;

    /** It was refused with a status. */
    default void refused(int number, int status) throws IOException {}

    /** The connection ended, or the time was over, before it was answered: nobody knows whether it was done. */
    default void lost(int number) {}

    /** Whether answers have no body whatever their headers say. */
    default boolean bodiless() {
        return false;
    }

    /** What takes the bodies of one connection. */
    default LoadSink sink() {
        return LoadSink.NONE;
    }
}
