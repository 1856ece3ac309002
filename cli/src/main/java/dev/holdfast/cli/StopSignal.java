package dev.holdfast.cli;

import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wish of an operator that the process stops: SIGTERM or SIGINT. By itself the JVM would end with the exit code
 * 143; a server that was asked to stop and did so has done its work and ends with 0.
 *
 * <p>The JDK offers signals in classes that its compiler warns of, so they are used by name. A JVM without them keeps
 * its own way: shutdown hooks run, and the exit code is 143.
 */
final class StopSignal implements AutoCloseable {
    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";
    private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);
    private static final List<String> NAMES = List.of("TERM", "INT");

    /** Who was told before, by signal. */
    private final Map<String, Object> before = new LinkedHashMap<>();

    private StopSignal() {}

    /**
     * Runs something each time that the process is asked to stop, on a thread of its own, until this is closed or the
     * process ends.
     */
    static StopSignal handle(Runnable action) {
        StopSignal handled = new StopSignal();
        try {
            Object proxy = Proxy.newProxyInstance(
                    StopSignal.class.getClassLoader(),
                    new Class<?>[] {Class.forName(HANDLER)},
                    (self, method, arguments) -> {
                        action.run();
                        return null;
                    });
            for (String name : NAMES) {
                handled.before.put(name, install(name, proxy));
            }
        } catch (ReflectiveOperationException e) {
            LOG.debug("this JVM offers no signals; it ends in its own way", e);
        }
        return handled;
    }

    /** Sends this process the wish to stop. */
    static void raise() {
        try {
            Class<?> signal = Class.forName(SIGNAL);
            signal.getMethod("raise", signal).invoke(null, signal(NAMES.getFirst()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM offers no signals", e);
        }
    }

    /** Lets those be told again who were told before. */
    @Override
    public void close() {
        before.forEach((name, handler) -> {
            try {
                install(name, handler);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a signal cannot be given back", e);
            }
        });
        before.clear();
    }

    private static Object install(String name, Object handler) throws ReflectiveOperationException {
        return Class.forName(SIGNAL)
                .getMethod("handle", Class.forName(SIGNAL), Class.forName(HANDLER))
                .invoke(null, signal(name), handler);
    }

    private static Object signal(String name) throws ReflectiveOperationException {
        return Class.forName(SIGNAL).getConstructor(String.class).newInstance(name);
    }
}
