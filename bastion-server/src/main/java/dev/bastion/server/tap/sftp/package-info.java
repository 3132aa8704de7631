/**
 * What looks at the packets of an SFTP session (draft-ietf-secsh-filexfer-02, version 3) as they
 * pass: refuses what is not granted, and records what is done to files. The bytes themselves are
 * relayed, and file data is never kept. May import {@code relay} and {@code tap}. Start at {@link
 * dev.bastion.server.tap.sftp.SftpTap}.
 */
@NullMarked
package dev.bastion.server.tap.sftp;

import org.jspecify.annotations.NullMarked;
