package dev.holdfast.client;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One request of the protocol, before the caller's own headers and parameters come to it.
 *
 * @param method of HTTP
 * @param query parameters of the protocol
 * @param headers of the protocol
 * @param body empty for none
 */
record WireRequest(String method, Map<String, String> query, Map<String, String> headers, byte[] body) {
    static WireRequest of(String method) {
        return new WireRequest(method, Map.of(), Map.of(), new byte[0]);
    }

    /** The same with a header. */
    WireRequest header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new WireRequest(method, query, more, body);
    }

    /** The same with a parameter. */
    WireRequest param(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(query);
        more.put(name, value);
        return new WireRequest(method, more, headers, body);
    }

    /** The same with a body. */
    WireRequest content(byte[] content) {
        return new WireRequest(method, query, headers, content);
    }
}
