package dev.holdfast.cli;

import java.lang.reflect.Proxy;
import java.util.List;

/**
 * The wish of an operator that the process stops: SIGTERM or SIGINT. By itself the JVM would end with the exit code
 * 143; a server that was asked to stop and did so has done its work and ends with 0.
 *
 * <p>The JDK offers signals in classes that its compiler warns of, so they are used by name. A JVM without them keeps
 * its own way: shutdown hooks run, and the exit code is 143.
 */
final class StopSignal {
    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";

    private StopSignal() {}

    /**
     * Runs something each time that the process is asked to stop, on a thread of its own.
     *
     * @return whether this JVM can
     */
    static boolean handle(Runnable action) {
        try {
            Class<?> signal = Class.forName(SIGNAL);
            Class<?> handler = Class.forName(HANDLER);
            Object proxy = Proxy.newProxyInstance(
                    StopSignal.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        action.run();
                        return null;
                    });
            for (String name : List.of("TERM", "INT")) {
                Object one = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, one, proxy);
            }
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
