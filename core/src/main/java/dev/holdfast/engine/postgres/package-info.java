/**
 * The PostgreSQL engine: connections, retries, and notifications between processes.
 *
 * <p>{@link dev.holdfast.engine.postgres.PostgresEngine} runs units. A source of connections lends them: two pools of
 * the engine's own, or a {@code DataSource} of the caller. An attempt is one transaction on one loan, with a time limit
 * for a user's function; the retry runs attempts until one commits. Signals reach other processes through NOTIFY on
 * connections of their own, sent after the commit and never inside it, and by polling where that is impossible.
 */
@NullMarked
package dev.holdfast.engine.postgres;

import org.jspecify.annotations.NullMarked;
