/**
 * The command line: {@link dev.holdfast.cli.Main} and one class per command.
 *
 * <p>Standard output carries results only, standard error everything else, so that a command can stand in a pipe. Exit
 * codes: 0 done, 1 failed, 2 the command line is wrong, in which case one line says what would be right.
 */
@NullMarked
package dev.holdfast.cli;

import org.jspecify.annotations.NullMarked;
