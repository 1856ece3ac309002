package dev.holdfast.cli.load;

import java.nio.ByteBuffer;

/** Takes the bodies of one connection's answers, piece by piece. */
@FunctionalInterface
interface LoadSink {
    /** Lets them go. */
    LoadSink NONE = bytes -> bytes.position(bytes.limit());

    /** Takes everything that remains. */
    void take(ByteBuffer bytes);
}
