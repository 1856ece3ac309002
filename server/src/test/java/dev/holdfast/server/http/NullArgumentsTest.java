package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Json;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Every public constructor and static factory says by name which argument must not be null. */
class NullArgumentsTest {
    private static final List<Class<?>> TYPES = List.of(
            Authenticator.class,
            ContentType.class,
            Cors.class,
            ErrorRenderer.class,
            ErrorRenderer.Body.class,
            Failure.class,
            Grant.class,
            HttpException.class,
            HttpLimits.class,
            HttpServer.class,
            HttpServerOptions.class,
            Mount.class,
            OpenApi.class,
            Param.class,
            Percent.class,
            Principal.class,
            Route.class,
            Route.Answer.class,
            Route.Payload.class,
            Router.class,
            Router.Entry.class,
            SseEvent.class,
            Tls.Keystore.class,
            Tls.Pem.class,
            TokenLookup.class);

    private static final Mount MOUNT = Mount.at("", "m");
    private static final Route ROUTE = Route.get("/a", "a", x -> {});

    /** A usable argument of each type. */
    private static final Map<Class<?>, Object> USABLE = Map.ofEntries(
            Map.entry(String.class, "X"),
            Map.entry(int.class, 404),
            Map.entry(boolean.class, false),
            Map.entry(byte[].class, new byte[0]),
            Map.entry(List.class, List.of()),
            Map.entry(Set.class, Set.of()),
            Map.entry(Optional.class, Optional.empty()),
            Map.entry(Duration.class, Duration.ofSeconds(1)),
            Map.entry(Path.class, Path.of("x")),
            Map.entry(URI.class, URI.create("http://x")),
            Map.entry(JsonNode.class, Json.parse("{}")),
            Map.entry(ObjectNode.class, Json.parse("{}")),
            Map.entry(ContentType.class, ContentType.JSON),
            Map.entry(ErrorRenderer.class, ErrorRenderer.problem()),
            Map.entry(Grant.Kind.class, Grant.Kind.KEY),
            Map.entry(HttpHandler.class, (HttpHandler) x -> {}),
            Map.entry(HttpLimits.class, HttpLimits.defaults()),
            Map.entry(HttpServerOptions.class, HttpServerOptions.defaults()),
            Map.entry(Mount.class, MOUNT),
            Map.entry(Param.Place.class, Param.Place.QUERY),
            Map.entry(Param.Type.class, Param.Type.STRING),
            Map.entry(Route.class, ROUTE),
            Map.entry(Router.class, Router.of(List.of(), List.of())),
            Map.entry(Scope.class, Scope.READ),
            Map.entry(TokenLookup.class, TokenLookup.admin("x")));

    @Test
    void nullsAreRefusedByName() throws Exception {
        List<String> wrong = new ArrayList<>();
        int tried = 0;
        for (Class<?> type : TYPES) {
            for (Executable made : entryPoints(type).toList()) {
                Parameter[] parameters = made.getParameters();
                for (int i = 0; i < parameters.length; i++) {
                    if (!parameters[i].getType().isPrimitive()) {
                        tried++;
                        String message = call(made, arguments(made, i));
                        if (!message.equals(parameters[i].getName())) {
                            wrong.add(made + " with null as " + parameters[i].getName() + " says: " + message);
                        }
                    }
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(tried).isGreaterThan(80);
    }

    private static Stream<Executable> entryPoints(Class<?> type) {
        Stream<Method> factories = Arrays.stream(type.getDeclaredMethods())
                .filter(m -> Modifier.isStatic(m.getModifiers()) && Modifier.isPublic(m.getModifiers()));
        Stream<Constructor<?>> constructors =
                Arrays.stream(type.getDeclaredConstructors()).filter(c -> Modifier.isPublic(c.getModifiers()));
        return Stream.concat(factories, constructors);
    }

    private static @Nullable Object[] arguments(Executable made, int absent) {
        Class<?>[] types = made.getParameterTypes();
        @Nullable Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            Object usable = USABLE.get(types[i]);
            assertThat(usable).as("an argument for %s of %s", types[i], made).isNotNull();
            arguments[i] = i == absent ? null : usable;
        }
        return arguments;
    }

    /** The message of the refusal, or what happened instead. */
    private static String call(Executable made, @Nullable Object[] arguments) throws ReflectiveOperationException {
        try {
            Object result = made instanceof Method m
                    ? m.invoke(null, arguments)
                    : ((Constructor<?>) made).newInstance(arguments);
            return "no refusal but " + result;
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            return cause instanceof NullPointerException ? String.valueOf(cause.getMessage()) : String.valueOf(cause);
        }
    }
}
