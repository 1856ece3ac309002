import org.jspecify.annotations.NullMarked;

/**
 * The Holdfast server.
 *
 * <p>{@code http} is the layer below every protocol: it accepts, limits, authenticates, routes, answers and streams,
 * and it knows no room of the store. Each protocol is one package of routes on top of it. Jetty is an implementation
 * detail of {@code http}: none of its types is visible outside. The Prometheus registry is visible on purpose, so that
 * a protocol can add meters of its own to the page that {@code health} serves.
 */
@NullMarked
module dev.holdfast.server {
    requires transitive dev.holdfast;
    requires com.google.protobuf;
    requires java.net.http;
    requires transitive micrometer.core;
    requires transitive micrometer.registry.prometheus;
    requires org.eclipse.jetty.alpn.server;
    requires org.eclipse.jetty.alpn.java.server;
    requires org.eclipse.jetty.http;
    requires org.eclipse.jetty.http2.server;
    requires org.eclipse.jetty.io;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.util;
    requires org.slf4j;

    exports dev.holdfast.server;
    exports dev.holdfast.server.durablestreams;
    exports dev.holdfast.server.health;
    exports dev.holdfast.server.http;
    exports dev.holdfast.server.kvconnect;
    exports dev.holdfast.server.keyval;
    exports dev.holdfast.server.records;
}
