package dev.holdfast.server.records;

import dev.holdfast.Holdfast;
import dev.holdfast.server.http.Mount;

/** Record stores as a mount: the routes and the shape of their errors. */
public final class RecordsMount {
    /** Where the routes begin. */
    public static final String BASE = "/v1/record-stores";

    private RecordsMount() {}

    /** The mount over a store. */
    public static Mount of(Holdfast holdfast, RecordsOptions options) {
        return Mount.at(BASE, "record-stores")
                .errors(RecordRefusals::render)
                .routes(new RecordRoutes(holdfast, options).routes());
    }
}
