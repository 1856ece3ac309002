/**
 * The {@code where} language: one kind of condition for keys and values, collections and search.
 *
 * <p>A {@link dev.holdfast.filter.Filter} is a small sealed tree. It is built in Java, or read from JSON, and then
 * judges documents in memory; for databases it becomes a condition that lets through every match and perhaps more, so
 * that they read less. Memory has the last word, before any limit is applied: databases differ in how they order text,
 * fold case and round numbers, and an answer must not depend on the engine.
 *
 * {@snippet :
 * Filter filter = where("age").between(18, 65).and(where("city").in("SP", "RJ"));
 * SqlCondition less = filter.sql(Dialect.SQLITE, "body"); // ... WHERE id > ? AND <less.sql()>
 * documents.filter(filter.predicate());
 * }
 *
 * <h2>The JSON form</h2>
 *
 * <p>An object; all of its entries must hold, and {@code {}} matches everything. A key is one of the first three below
 * or a {@link dev.holdfast.filter.FieldPath}, whose value is an operand (equal to it), an object of operators (all
 * hold), or an object of further paths below it.
 *
 * <table>
 * <caption>Keys and operators</caption>
 * <tr><th>key<th>operand<th>true where
 * <tr><td>{@code $and}, {@code $or}<td>filters, at least one<td>all hold; at least one holds
 * <tr><td>{@code $not}<td>a filter<td>it is false
 * <tr><td>{@code $eq}, {@code $ne}<td>text, number, boolean, null<td>equal; not equal. Null stands for missing, too
 * <tr><td>{@code $gt}, {@code $gte}, {@code $lt}, {@code $lte}<td>text, number<td>behind, before, or equal
 * <tr><td>{@code $between}<td>two texts or two numbers<td>between them, both included
 * <tr><td>{@code $in}, {@code $nin}<td>a list of what {@code $eq} takes<td>equal to one; to none
 * <tr><td>{@code $contains}, {@code $notContains}, {@code $startsWith}, {@code $endsWith}<td>text<td>the text is in it,
 * or not, at its beginning, at its end. With an {@code i} behind the operator ({@code $containsi}) case is ignored
 * <tr><td>{@code $null}<td>boolean<td>missing or null; for {@code false} neither
 * <tr><td>{@code $empty}, {@code $notEmpty}<td>boolean<td>missing, null, {@code ""} or {@code []}, or not
 * </table>
 *
 * <p>Wherever a number may stand, so may a big integer, {@code {"__type":"bigint","value":"5"}}, and the clock in
 * milliseconds since 1970, {@code {"$now":true,"$offset":-3600000}}; the offset may be left out and may be called
 * {@code offset}.
 */
@NullMarked
package dev.holdfast.filter;

import org.jspecify.annotations.NullMarked;
