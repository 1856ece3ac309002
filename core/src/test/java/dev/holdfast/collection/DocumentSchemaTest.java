package dev.holdfast.collection;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.json.Json;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DocumentSchemaTest {
    @Test
    void saysWhatIsMissingWithoutTheValidator() throws Exception {
        URL[] all = Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(entry -> !entry.contains("json-schema-validator"))
                .map(entry -> url(java.nio.file.Path.of(entry)))
                .toArray(URL[]::new);
        try (URLClassLoader without = new URLClassLoader(all, ClassLoader.getPlatformClassLoader())) {
            Class<?> rule = without.loadClass(DocumentSchema.class.getName());
            Object schema = without.loadClass(Json.class.getName())
                    .getMethod("parse", String.class)
                    .invoke(null, "{}");
            var of = rule.getDeclaredMethod("of", without.loadClass(JsonNode.class.getName()));
            of.setAccessible(true);

            assertThatThrownBy(() -> of.invoke(null, schema))
                    .hasRootCauseInstanceOf(ClassNotFoundException.class)
                    .cause()
                    .hasMessageStartingWith("collection.schema_unavailable")
                    .hasMessageContaining("com.networknt:json-schema-validator");
        }
    }

    private static URL url(java.nio.file.Path path) {
        try {
            return path.toUri().toURL();
        } catch (java.net.MalformedURLException e) {
            throw new AssertionError(e);
        }
    }
}
