/**
 * Which command line a shell really got: the keys and the output of one terminal, read together.
 *
 * <p>{@link dev.bastion.audit.line.CommandLines} is the way in. Bytes of the operator pass {@link
 * dev.bastion.audit.line.KeyTokenizer} and become lines that wait; bytes of the host pass {@link
 * dev.bastion.audit.line.OutputParser} onto a {@link dev.bastion.audit.line.Screen}. {@link
 * dev.bastion.audit.line.Settling} sees in them where a line was let go; {@link
 * dev.bastion.audit.line.EditorLines} or {@link dev.bastion.audit.line.PlainLines} then reads it
 * off the screen, compares it with the keys and makes a record. Knows no SSH, no database and no
 * thread.
 */
@NullMarked
package dev.bastion.audit.line;

import org.jspecify.annotations.NullMarked;
