package dev.holdfast.record;

import dev.holdfast.engine.ClosedException;
import dev.holdfast.engine.ConflictException;
import dev.holdfast.engine.EngineException;
import dev.holdfast.engine.HoldfastException;
import dev.holdfast.engine.TimeoutException;
import dev.holdfast.record.RecordStoreException.Reason;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What failures of a database mean to the users of a store. */
final class RecordFailures {
    private static final String CONNECTION_CLASS = "08";

    private RecordFailures() {}

    /** Runs something and tells what became of it in the words of a store; failures of another kind pass through. */
    static <R> R told(Supplier<R> run) {
        try {
            return run.get();
        } catch (ConflictException | TimeoutException e) {
            throw unavailable(e);
        } catch (ClosedException e) {
            throw new RecordStoreException(Reason.CLOSED, "the record store was closed: " + e.detail()).causedBy(e);
        } catch (EngineException e) {
            throw isUnreachable(e) ? unavailable(e) : e;
        }
    }

    private static RecordStoreException unavailable(HoldfastException e) {
        return new RecordStoreException(
                        Reason.UNAVAILABLE, "the database cannot serve the record store now: " + e.detail())
                .causedBy(e);
    }

    private static boolean isUnreachable(EngineException e) {
        if (e.code().equals("engine.unavailable")) {
            return true;
        }
        @Nullable String state = e.getCause() instanceof SQLException cause ? cause.getSQLState() : null;
        return state != null && state.startsWith(CONNECTION_CLASS) && !e.code().equals("engine.commit_unknown");
    }
}
