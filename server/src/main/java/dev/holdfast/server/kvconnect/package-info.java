/**
 * KV Connect, the protocol of the public Deno KV clients: metadata exchange, reads of ranges from one snapshot, atomic
 * writes, watches. Requests and answers are the messages of {@code datapath.proto}; what they mean is settled by
 * {@link dev.holdfast.kv.KvWire}.
 *
 * <p>Clients repeat a request for as long as its status is 5xx, so whatever is the request's fault is 4xx here, with a
 * line of plain text that the clients show.
 */
@NullMarked
package dev.holdfast.server.kvconnect;

import org.jspecify.annotations.NullMarked;
