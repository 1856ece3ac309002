/** What queues promise, as suites that every engine runs. */
@NullMarked
package dev.holdfast.testkit.queue;

import org.jspecify.annotations.NullMarked;
