/**
 * Which command line a shell really got: the keys and the output of one terminal, read together.
 *
 * <p>{@link dev.bastion.audit.line.CommandLines} is the way in. Bytes of the operator pass {@link
 * dev.bastion.audit.line.KeyTokenizer} and become lines that wait; bytes of the host pass {@link
 * dev.bastion.audit.line.OutputParser} onto a {@link dev.bastion.audit.line.Screen}. When the
 * output shows that the line editor let go of its line, {@link dev.bastion.audit.line.Settling}
 * reads it off the screen, compares it with the keys and tells the listener. Knows no SSH, no
 * database and no thread.
 */
@NullMarked
package dev.bastion.audit.line;

import org.jspecify.annotations.NullMarked;
