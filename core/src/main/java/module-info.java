import org.jspecify.annotations.NullMarked;

/**
 * The Holdfast library.
 *
 * <p>{@code dev.holdfast} is the front door and the only package most programs import. Each room (keys and values,
 * collections, streams, queues, record stores, search, access) is one package that exports its interface; what the
 * rooms share lies below them in {@code key}, {@code filter}, {@code json}, {@code codec}, {@code v8} and
 * {@code engine}. {@code simple} stands above the front door: a small store for programs that want nothing else.
 */
@NullMarked
module dev.holdfast {
    requires transitive java.sql;
    requires transitive org.jspecify;
    requires transitive tools.jackson.databind;
    requires org.slf4j;
    requires org.xerial.sqlitejdbc;
    requires org.postgresql.jdbc;
    requires com.zaxxer.hikari;
    // JSON Schema of collections; a program without schemas may leave it out.
    requires static com.networknt.schema;

    exports dev.holdfast;
    exports dev.holdfast.access;
    exports dev.holdfast.codec;
    exports dev.holdfast.collection;
    exports dev.holdfast.engine;
    exports dev.holdfast.engine.postgres;
    exports dev.holdfast.engine.sqlite;
    exports dev.holdfast.filter;
    exports dev.holdfast.json;
    exports dev.holdfast.key;
    exports dev.holdfast.kv;
    exports dev.holdfast.queue;
    exports dev.holdfast.record;
    exports dev.holdfast.schema;
    exports dev.holdfast.search;
    exports dev.holdfast.simple;
    exports dev.holdfast.stream;
    exports dev.holdfast.v8;

    // A key inside a stored value has a JSON form that is no part of its interface.
    opens dev.holdfast.key to
            tools.jackson.databind;
}
