package dev.holdfast.client;

import dev.holdfast.Holdfast;

class MemoryRemoteStreamTest extends RemoteStreamContract {
    @Override
    String db() {
        return Holdfast.MEMORY;
    }
}
