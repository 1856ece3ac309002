package dev.holdfast.server.http;

/** A request that waits for something to happen. Safe for use by any thread. */
public interface Parked {
    /** Why a parked request goes on. */
    enum Wake {
        /** Somebody called {@link Parked#signal()}. */
        SIGNAL,
        /** The time is over. */
        TIMEOUT,
        /** The server stops: answer at once with what there is. */
        STOPPING,
        /** The client has gone: whatever is answered reaches nobody. */
        GONE
    }

    /** Takes a parked request up again. */
    @FunctionalInterface
    interface Resume {
        /**
         * Answers, or parks again. A signal is a hint only: look again at what was waited for.
         *
         * @throws Exception whatever went wrong; it becomes an answer as a handler's exception does
         */
        void resume(Exchange exchange, Wake why) throws Exception;
    }

    /** Lets the request go on. Never blocks; only the first call of all has an effect. */
    void signal();
}
