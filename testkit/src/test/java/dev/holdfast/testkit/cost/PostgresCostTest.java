package dev.holdfast.testkit.cost;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.postgres.PostgresEngine;
import dev.holdfast.engine.postgres.PostgresOptions;
import dev.holdfast.testkit.PostgresServer;
import dev.holdfast.testkit.VirtualTime;
import java.util.OptionalLong;

class PostgresCostTest extends CostContract {
    /** One connection of each kind, so that all are warm; nobody is told of commits, which goes beside the calls. */
    private static final PostgresOptions OPTIONS = PostgresOptions.defaults()
            .withNotifications(false)
            .withOperations(1)
            .withDecisions(1);

    private final String url = PostgresServer.shared().freshDatabase();
    private final String name = url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));

    @Override
    void closed() {
        PostgresServer.shared().drop(url);
    }

    @Override
    Engine open(VirtualTime clock) {
        return PostgresEngine.open(url + "&" + CountingSockets.parameters(name), OPTIONS, clock);
    }

    @Override
    int statementsColumn() {
        return 1;
    }

    @Override
    OptionalLong roundTrips() {
        return OptionalLong.of(CountingSockets.roundTrips(name));
    }
}
