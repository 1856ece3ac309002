import org.jspecify.annotations.NullMarked;

/**
 * What proves an engine or a room: contract suites, a clock that tests turn, engines that fail on request, a real
 * PostgreSQL, and programs made of random steps.
 *
 * <p>JUnit and AssertJ are part of the interface: a suite is an abstract test class that the tests of an engine extend.
 */
@NullMarked
module dev.holdfast.testkit {
    requires transitive dev.holdfast;
    requires transitive org.junit.jupiter.api;
    requires transitive org.junit.jupiter.params;
    requires awaitility;
    requires embedded.postgres;
    requires org.assertj.core;
    requires org.postgresql.jdbc;
    requires org.xerial.sqlitejdbc;

    exports dev.holdfast.testkit;
    exports dev.holdfast.testkit.collection;
    exports dev.holdfast.testkit.queue;
    exports dev.holdfast.testkit.record;
    exports dev.holdfast.testkit.stream;

    // JUnit finds the tests of the suites by reflection.
    opens dev.holdfast.testkit to
            org.junit.platform.commons;
    opens dev.holdfast.testkit.collection to
            org.junit.platform.commons;
    opens dev.holdfast.testkit.queue to
            org.junit.platform.commons;
    opens dev.holdfast.testkit.record to
            org.junit.platform.commons;
    opens dev.holdfast.testkit.stream to
            org.junit.platform.commons;
}
