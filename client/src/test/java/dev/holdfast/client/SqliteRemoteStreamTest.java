package dev.holdfast.client;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteRemoteStreamTest extends RemoteStreamContract {
    @TempDir
    Path folder;

    @Override
    String db() {
        return folder.resolve("streams.db").toString();
    }
}
