package dev.holdfast.server.http;

import io.micrometer.core.instrument.Timer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The timers of one route, one per hundred of statuses, each made when it is first needed. */
final class RouteMeters {
    private final AtomicReferenceArray<@Nullable Timer> timers = new AtomicReferenceArray<>(6);

    /** Where the timer for a hundred stands, 1 to 5. */
    AtomicReferenceArray<@Nullable Timer> timers() {
        return timers;
    }
}
