/**
 * What record stores promise, as suites for every place where one can live.
 *
 * <p>A {@link dev.holdfast.testkit.record.RecordPlace} is an empty database: one of the engines, or connections of an
 * application. {@link dev.holdfast.testkit.record.RecordStoreContract} holds the numbered tests of the stores' common
 * contract; {@link dev.holdfast.testkit.record.RecordFaultContract} lets every statement fail once.
 */
@NullMarked
package dev.holdfast.testkit.record;

import org.jspecify.annotations.NullMarked;
