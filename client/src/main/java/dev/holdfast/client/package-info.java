/**
 * Streams of a server, over HTTP.
 *
 * <p>{@link dev.holdfast.client.StreamClient} is opened on the address of a server and gives handles of streams,
 * {@link dev.holdfast.client.RemoteStream}: they make, append, close, delete and read. A
 * {@link dev.holdfast.client.Reading} is an iterator that blocks; the same is offered as a
 * {@link java.util.concurrent.Flow.Publisher}. A {@link dev.holdfast.client.StreamProducer} appends each message once,
 * several requests at a time. {@link dev.holdfast.client.RemoteView} puts a codec before a stream of JSON.
 *
 * <p>Everything may be used by many threads, except a {@code Reading}, which belongs to one at a time. Calls block the
 * calling thread and are meant for virtual ones. What an append has answered is durable on the server. Requests that
 * fail on the network, with 5xx or with 429 are sent again, see {@link dev.holdfast.client.RetryPolicy}; every other
 * failure is a {@link dev.holdfast.client.ClientException}.
 */
@NullMarked
package dev.holdfast.client;

import org.jspecify.annotations.NullMarked;
