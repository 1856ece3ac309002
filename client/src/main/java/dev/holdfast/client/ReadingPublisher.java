package dev.holdfast.client;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Readings for subscribers: each gets one of its own, and is told on one virtual thread, as much as it has asked for.
 *
 * @param <T> what is handed out
 */
final class ReadingPublisher<T> implements Flow.Publisher<T> {
    private final Supplier<Reading<T>> readings;

    ReadingPublisher(Supplier<Reading<T>> readings) {
        this.readings = readings;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Served<T> served = new Served<>(readings.get(), requireNonNull(subscriber, "subscriber"));
        Thread.ofVirtual().name("holdfast-client-subscriber").start(served::serve);
    }

    /** One subscriber. */
    private static final class Served<T> implements Flow.Subscription {
        private final Reading<T> reading;
        private final Flow.Subscriber<? super T> subscriber;
        /** Guards the fields below; the subscriber is never called under it. */
        private final ReentrantLock lock = new ReentrantLock();

        private final Condition changed = lock.newCondition();
        private long wanted;
        private boolean misused;
        private boolean cancelled;
        private boolean ended;

        Served(Reading<T> reading, Flow.Subscriber<? super T> subscriber) {
            this.reading = reading;
            this.subscriber = subscriber;
        }

        void serve() {
            Runnable end = this::end;
            reading.transport().atClose(end);
            try (reading) {
                subscriber.onSubscribe(this);
                // The end needs no demand, so what follows is known before it is asked for.
                while (reading.hasNext() && awaitDemand()) {
                    subscriber.onNext(reading.next());
                }
                if (isMisused()) {
                    fail(new IllegalArgumentException("a subscriber asks for one or more"));
                } else {
                    finish();
                }
            } catch (RuntimeException e) {
                fail(e);
            } finally {
                reading.transport().forget(end);
            }
        }

        /** The client was closed: nothing is waited for any more. */
        private void end() {
            lock.lock();
            try {
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        /** Also what a subscriber throws itself comes here; it gets no more then. */
        private void fail(RuntimeException failure) {
            boolean tell;
            lock.lock();
            try {
                tell = !cancelled;
                cancelled = true;
            } finally {
                lock.unlock();
            }
            if (tell) {
                subscriber.onError(failure);
            }
        }

        private void finish() {
            boolean tell;
            lock.lock();
            try {
                tell = !cancelled;
                cancelled = true;
            } finally {
                lock.unlock();
            }
            if (tell) {
                subscriber.onComplete();
            }
        }

        /** Waits until something is asked for, and takes one of it; false when nothing more is wanted. */
        private boolean awaitDemand() {
            lock.lock();
            try {
                while (wanted == 0 && !cancelled && !misused && !ended) {
                    changed.awaitUninterruptibly();
                }
                if (cancelled || misused) {
                    return false;
                }
                if (wanted == 0) {
                    throw Transport.closed();
                }
                wanted = wanted == Long.MAX_VALUE ? wanted : wanted - 1;
                return true;
            } finally {
                lock.unlock();
            }
        }

        private boolean isMisused() {
            lock.lock();
            try {
                return misused && !cancelled;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void request(long count) {
            lock.lock();
            try {
                misused |= count < 1;
                wanted = count > Long.MAX_VALUE - wanted ? Long.MAX_VALUE : wanted + Math.max(count, 0);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            if (count < 1) {
                // Nothing more is read for it, and what waits is woken.
                reading.close();
            }
        }

        @Override
        public void cancel() {
            lock.lock();
            try {
                cancelled = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            reading.close();
        }
    }
}
