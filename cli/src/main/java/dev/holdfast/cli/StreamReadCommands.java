package dev.holdfast.cli;

import dev.holdfast.Namespace;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamChunk;
import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reading streams from the shell. */
final class StreamReadCommands {
    private static final int CHUNK_BYTES = 1 << 20;

    private StreamReadCommands() {}

    /** Prints what a stream holds. */
    @Command(name = "read", description = "Print what a stream holds: messages one a line, other content as it is.")
    static final class Read extends StreamCommand.OnStream {
        @Option(names = "--offset", paramLabel = "N", description = "From there on. Default: from the beginning.")
        private long offset = DurableStream.BEGINNING;

        @Override
        int run(Namespace rooms, String stream) throws IOException {
            require("--offset", offset, DurableStream.BEGINNING, Long.MAX_VALUE);
            DurableStream source = rooms.stream(stream);
            StreamChunk chunk = source.read(offset, CHUNK_BYTES);
            StreamCommand.write(this, chunk);
            while (!chunk.upToDate()) {
                chunk = source.read(chunk.next(), CHUNK_BYTES);
                StreamCommand.write(this, chunk);
            }
            return DONE;
        }
    }

    /** Prints what a stream holds and what comes. */
    @Command(name = "tail", description = "Print what a stream holds and what is appended, until it is closed.")
    static final class Tail extends StreamCommand.OnStream {
        private static final Duration ROUND = Duration.ofSeconds(30);

        @Option(names = "--offset", paramLabel = "N", description = "From there on. Default: what comes from now on.")
        private long offset = DurableStream.NOW;

        @Override
        int run(Namespace rooms, String stream) throws IOException {
            DurableStream source = rooms.stream(stream);
            StreamChunk chunk = source.read(offset, CHUNK_BYTES);
            StreamCommand.write(this, chunk);
            while (!chunk.atEnd()) {
                chunk = source.await(chunk.next(), CHUNK_BYTES, ROUND);
                StreamCommand.write(this, chunk);
                out().flush();
            }
            return DONE;
        }
    }
}
