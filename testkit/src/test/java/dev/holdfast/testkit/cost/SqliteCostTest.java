package dev.holdfast.testkit.cost;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.sqlite.SqliteEngine;
import dev.holdfast.engine.sqlite.SqliteOptions;
import dev.holdfast.testkit.VirtualTime;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.io.TempDir;

class SqliteCostTest extends CostContract {
    @TempDir
    Path folder;

    @Override
    Engine open(VirtualTime clock) {
        return SqliteEngine.open(
                folder.resolve("cost.db"),
                SqliteOptions.defaults().withDurability(SqliteOptions.Durability.NORMAL),
                clock);
    }

    @Override
    int statementsColumn() {
        return 0;
    }

    @Override
    OptionalLong roundTrips() {
        return OptionalLong.empty();
    }
}
