import org.jspecify.annotations.NullMarked;

/**
 * A client for streams over HTTP: for any server of the Durable Streams protocol, ours among them.
 *
 * <p>It speaks of streams in the words of {@code dev.holdfast.stream} and takes the records of that package, so it
 * depends on the library; it opens no store. The JDK's HTTP client is visible on purpose: a program with rules of its
 * own for certificates or proxies hands in one.
 */
@NullMarked
module dev.holdfast.client {
    requires transitive dev.holdfast;
    requires transitive java.net.http;
    requires org.slf4j;

    exports dev.holdfast.client;
}
