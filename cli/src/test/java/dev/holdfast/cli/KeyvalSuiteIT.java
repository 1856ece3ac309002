package dev.holdfast.cli;

/** KeyVal on a SQLite file. */
class KeyvalSuiteIT extends KeyvalSuiteContract {
    @Override
    String database() {
        return folder.resolve("keyval.db").toString();
    }
}
