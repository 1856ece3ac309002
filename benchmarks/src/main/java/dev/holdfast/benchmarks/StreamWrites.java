package dev.holdfast.benchmarks;

import dev.holdfast.Holdfast;
import dev.holdfast.stream.DurableStream;
import dev.holdfast.stream.StreamInfo;
import dev.holdfast.stream.StreamSpec;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;

/** Durable appends of small messages to streams, through the library and into the same table without it. */
final class StreamWrites {
    private static final int APPENDS = 200_000;
    private static final int APPENDS_EACH = 20_000;
    private static final int CALLERS = 1_024;
    private static final int PER_COMMIT = 1_000;
    private static final int PAGE = 1_000;
    private static final String INSERT =
            "insert into holdfast_stream_data (ns, stream, start, units, data, ends, events)"
                    + " values (1, ?, ?, 256, ?, null, 0)";

    private StreamWrites() {}

    /** Many callers, each of whom waits for the commit of every append, to streams chosen at random. */
    static Outcome store(Path folder, double scale, int streams) throws Exception {
        int[] order = Rows.random((int) (scale * APPENDS), streams);
        storeRun(folder.resolve("warm.db"), order, streams);
        return storeRun(folder.resolve("measured.db"), order, streams);
    }

    private static Outcome storeRun(Path file, int[] order, int streams) throws Exception {
        try (Holdfast holdfast = Holdfast.open(file)) {
            List<DurableStream> made = make(holdfast, streams);
            Outcome outcome;
            try (Callers threads = Callers.virtual(CALLERS)) {
                outcome = threads.run(order.length, i -> made.get(order[i]).append(Rows.value(order[i], i)));
            }
            return outcome.checked(bytes(holdfast) + " bytes");
        }
    }

    private static List<DurableStream> make(Holdfast holdfast, int streams) {
        List<DurableStream> made = new ArrayList<>(streams);
        for (int from = 0; from < streams; from += PAGE) {
            int first = from;
            int until = Math.min(streams, from + PAGE);
            holdfast.transaction(tx -> {
                for (int i = first; i < until; i++) {
                    tx.stream("bench/" + i).create(StreamSpec.bytes());
                }
                return until;
            });
        }
        for (int i = 0; i < streams; i++) {
            made.add(holdfast.stream("bench/" + i));
        }
        return made;
    }

    /** What all streams hold, by their tails. */
    private static long bytes(Holdfast holdfast) {
        long bytes = 0;
        String after = "";
        List<StreamInfo> page;
        do {
            page = holdfast.streams().list("bench/", after, PAGE);
            bytes += page.stream().mapToLong(StreamInfo::tail).sum();
            after = page.isEmpty() ? after : page.getLast().name();
        } while (page.size() == PAGE);
        return bytes;
    }

    /** One connection that inserts the rows of one stream and commits after every 1,000. */
    static Outcome raw(Path folder, double scale) throws Exception {
        return raw(folder, scale, APPENDS, PER_COMMIT);
    }

    /** One connection that inserts the rows of one stream and commits every one by itself. */
    static Outcome rawEach(Path folder, double scale) throws Exception {
        return raw(folder, scale, APPENDS_EACH, 1);
    }

    private static Outcome raw(Path folder, double scale, int appends, int perCommit) throws Exception {
        int[] order = Rows.random((int) (scale * appends), 1);
        rawRun(folder.resolve("warm.db"), order, perCommit);
        return rawRun(folder.resolve("measured.db"), order, perCommit);
    }

    private static Outcome rawRun(Path file, int[] order, int perCommit) throws Exception {
        Holdfast.open(file).close();
        try (Connection connection = RawSqlite.open(file);
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            connection.setAutoCommit(false);
            Window window = Window.open();
            for (int i = 0; i < order.length; i++) {
                insert.setInt(1, 1);
                insert.setLong(2, (long) i * Rows.VALUE_BYTES);
                insert.setBytes(3, Rows.value(order[i], i));
                insert.executeUpdate();
                if ((i + 1) % perCommit == 0) {
                    connection.commit();
                }
            }
            connection.commit();
            return window.close(order.length).checked((long) order.length * Rows.VALUE_BYTES + " bytes");
        }
    }
}
