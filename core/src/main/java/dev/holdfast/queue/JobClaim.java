package dev.holdfast.queue;

import java.util.Objects;

/**
 * The right to settle a job, for as long as nobody else has claimed it and its lease was not taken back.
 *
 * @param id of the job
 * @param token is raised by every claim of the job and never lowered: hand it to what the handler writes to, and let
 *     that refuse a lower one than it has seen, to be safe from a worker that was thought dead
 */
public record JobClaim(String id, long token) {
    /** Refuses null. */
    public JobClaim {
        Objects.requireNonNull(id, "id");
    }
}
