/**
 * The HTTP layer below every protocol, free of any protocol itself.
 *
 * <p>A program builds a {@link dev.holdfast.server.http.HttpServer} from options and
 * {@link dev.holdfast.server.http.Mount mounts}. A mount is a base path with its own error shape, cross-origin rules
 * and {@link dev.holdfast.server.http.Route routes}; the same table of routes answers requests and prints
 * {@code /openapi.json}. A route's handler gets an {@link dev.holdfast.server.http.Exchange} and answers it in one of
 * four ways: at once, as a body written piece by piece, as an {@link dev.holdfast.server.http.EventStream}, or later,
 * after having been {@link dev.holdfast.server.http.Parked parked}.
 *
 * <p><b>A request's way:</b> limits of the connection, {@code /ns/<name>}, mount, cross-origin rules, rules for
 * browsers, token, route, scope, handler. What fails on the way is turned into status and body by one table and the
 * mount's {@link dev.holdfast.server.http.ErrorRenderer}.
 *
 * <p><b>Threads:</b> every handler runs on a virtual thread of its own and may block. Event streams and parked requests
 * hold no thread at all: a shared timer beats their hearts, and whoever has news writes to them from its own thread
 * without waiting.
 *
 * <p><b>Paths</b> are matched as they were sent. A template's fixed parts are compared with the undecoded text,
 * parameters are decoded strictly when a handler asks, and {@code ..} or an encoded slash have no meaning here. Never
 * map a path to a file except by a fixed table.
 */
@NullMarked
package dev.holdfast.server.http;

import org.jspecify.annotations.NullMarked;
