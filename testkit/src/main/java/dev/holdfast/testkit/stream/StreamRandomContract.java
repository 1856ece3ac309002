package dev.holdfast.testkit.stream;

/** Placeholder until the model is written. */
public abstract class StreamRandomContract extends StreamSuite {
    /** The suite over the stores of one engine. */
    protected StreamRandomContract() {}
}
