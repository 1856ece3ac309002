/** The PostgreSQL engine: a pool, retries, and notifications between processes. */
@NullMarked
package dev.holdfast.engine.postgres;

import org.jspecify.annotations.NullMarked;
