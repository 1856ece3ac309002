package dev.holdfast.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HttpMetricsTest {
    @Test
    void countsRequestsByRouteAndHundredOfStatuses() throws Exception {
        HttpMetrics metrics = new HttpMetrics();
        try (TestServer server = new TestServer(
                        TestServer.options(),
                        b -> b.metrics(metrics)
                                .mount(Mount.at("/v1", "v1")
                                        .route(Route.get("/item/{id}", "item", x -> x.respond(204)))
                                        .route(Route.put("/item/{id}", "put", x -> {
                                            throw HttpException.of(409, "test.conflict", "no");
                                        }))
                                        .route(Route.get("/events", "events", Exchange::events))));
                RawClient events = server.raw()) {
            for (int i = 0; i < 3; i++) {
                server.ask("GET", "/v1/item/" + i);
            }
            server.ask("PUT", "/v1/item/7");
            server.ask("GET", "/v1/nowhere");
            events.send("GET /v1/events HTTP/1.1\nHost: localhost\n\n").head();

            String page = metrics.scrape();

            assertThat(count(page, "GET", "/v1/item/{id}", "2xx")).isEqualTo("3");
            assertThat(count(page, "PUT", "/v1/item/{id}", "4xx")).isEqualTo("1");
            assertThat(count(page, "none", "none", "4xx")).isEqualTo("1");
            assertThat(count(page, "GET", "/v1/events", "2xx")).isEqualTo("1");
            assertThat(page)
                    .contains("holdfast_http_streams 1.0")
                    .contains("holdfast_http_active ")
                    .contains("holdfast_http_connections ")
                    .contains("le=\"0.005\"")
                    .endsWith("\n");
        }
    }

    private static String count(String page, String method, String route, String status) {
        String name = "holdfast_http_requests_seconds_count{method=\"" + method + "\",route=\"" + route + "\",status=\""
                + status + "\"} ";
        int begin = page.indexOf(name);
        assertThat(begin).as(name + " in " + page).isNotNegative();
        return page.substring(begin + name.length(), page.indexOf('\n', begin));
    }
}
