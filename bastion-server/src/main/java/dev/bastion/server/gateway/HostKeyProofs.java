package dev.bastion.server.gateway;

import dev.bastion.server.transport.loop.Carrier;
import java.io.IOException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells clients which host keys the bastion has on a connection, and proves that it has them, so
 * that they learn the next one before it is used (OpenSSH's PROTOCOL, section 2.5). Thread-safe;
 * does not block.
 */
final class HostKeyProofs {

    private static final Logger LOG = LoggerFactory.getLogger(HostKeyProofs.class);

    static final String PROVE = "hostkeys-prove-00@openssh.com";
    private static final String ANNOUNCE = "hostkeys-00@openssh.com";

    private final List<KeyPair> pairs;

    HostKeyProofs(List<KeyPair> pairs) {
        this.pairs = List.copyOf(pairs);
    }

    /** Tells the client of a connection, after the answer that lets it in. */
    void announce(Session session) {
        Carrier carrier = Carrier.of(session);
        if (carrier != null) {
            carrier.betweenReads(() -> send(session));
        }
    }

    private void send(Session session) {
        try {
            Buffer packet = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
            packet.putString(ANNOUNCE);
            packet.putBoolean(false);
            for (KeyPair pair : pairs) {
                packet.putBytes(blob(pair));
            }
            session.writePacket(packet);
        } catch (IOException e) {
            LOG.debug("a client that is gone hears of no host keys", e);
        }
    }

    /**
     * Signs, with each key that is asked for, what only the bastion can sign in this connection.
     *
     * @param data of the request: the keys
     * @return the signatures, in the order of the keys
     * @throws IllegalArgumentException when one is not the bastion's, or the request is malformed
     */
    byte[] prove(Session session, byte[] data) {
        List<KeyPair> asked = asked(new ByteArrayBuffer(data));
        try {
            Buffer answer = new ByteArrayBuffer();
            for (KeyPair pair : asked) {
                answer.putBytes(signature(session, pair));
            }
            return answer.getCompactData();
        } catch (Exception e) {
            throw new IllegalArgumentException("a host key signs nothing", e);
        }
    }

    private List<KeyPair> asked(Buffer request) {
        List<KeyPair> asked = new ArrayList<>();
        while (request.available() > 0) {
            byte[] key = request.getBytes();
            KeyPair pair =
                    pairs.stream()
                            .filter(own -> Arrays.equals(blob(own), key))
                            .findFirst()
                            .orElseThrow(() -> new IllegalArgumentException("a key of others"));
            if (asked.contains(pair)) {
                throw new IllegalArgumentException("a key is asked for twice");
            }
            asked.add(pair);
        }
        if (asked.isEmpty()) {
            throw new IllegalArgumentException("no key is asked for");
        }
        return asked;
    }

    private static byte[] signature(Session session, KeyPair pair) throws Exception {
        String type = KeyUtils.getKeyType(pair);
        Signature signer = NamedFactory.create(session.getSignatureFactories(), type);
        if (signer == null) {
            throw new IllegalArgumentException("no signature of " + type);
        }
        Buffer signed = new ByteArrayBuffer();
        signed.putString(PROVE);
        signed.putBytes(session.getSessionId());
        signed.putBytes(blob(pair));
        signer.initSigner(session, pair.getPrivate());
        signer.update(session, signed.getCompactData());
        Buffer signature = new ByteArrayBuffer();
        signature.putString(type);
        signature.putBytes(signer.sign(session));
        return signature.getCompactData();
    }

    private static byte[] blob(KeyPair pair) {
        Buffer blob = new ByteArrayBuffer();
        blob.putRawPublicKey(pair.getPublic());
        return blob.getCompactData();
    }
}
