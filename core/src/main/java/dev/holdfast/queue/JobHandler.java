package dev.holdfast.queue;

/** Does a job. Called on virtual threads, by several at once; a job may come more than once. */
@FunctionalInterface
public interface JobHandler {
    /**
     * Does a job, which is acknowledged when this returns, unless it was settled before, such as by
     * {@link Queue#complete} in the handler's own transaction.
     *
     * @throws Exception the job is refused: it is tried again by its retry policy. The thread is interrupted when the
     *     job was lost to another worker, and when the listener is closed and does not wait any longer
     */
    void handle(Job job) throws Exception;
}
