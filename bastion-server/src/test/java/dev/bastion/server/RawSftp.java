package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A client of SFTP that says exactly what it is told to (draft-ietf-secsh-filexfer-02), over a
 * process whose standard streams lead to a server. Requests may be outstanding: answers are kept
 * until they are asked for. For one thread.
 */
final class RawSftp implements AutoCloseable {

    static final int OPEN = 3;
    static final int CLOSE = 4;
    static final int READ = 5;
    static final int WRITE = 6;
    static final int LSTAT = 7;
    static final int SETSTAT = 9;
    static final int OPENDIR = 11;
    static final int READDIR = 12;
    static final int REMOVE = 13;
    static final int REALPATH = 16;
    static final int STAT = 17;
    static final int RENAME = 18;
    static final int READLINK = 19;
    static final int EXTENDED = 200;

    static final int STATUS = 101;
    static final int HANDLE = 102;
    static final int DATA = 103;
    static final int NAME = 104;
    static final int ATTRS = 105;
    static final int EXTENDED_REPLY = 201;

    private static final int INIT = 1;
    private static final int VERSION = 2;

    private final Process process;
    private final DataOutputStream out;
    private final DataInputStream in;
    private final Map<Integer, Answer> came = new HashMap<>();
    private int lastId;

    RawSftp(Process process) {
        this.process = process;
        this.out = new DataOutputStream(process.getOutputStream());
        this.in = new DataInputStream(process.getInputStream());
    }

    /** An answer: its type and what follows its id. */
    record Answer(int type, ByteBuffer body) {

        /** The code of a status. */
        int code() {
            assertThat(type).isEqualTo(STATUS);
            return body.getInt(0);
        }

        /** The first string: a handle, data, or with a count before it a name. */
        byte[] bytes() {
            ByteBuffer rest = body.duplicate();
            if (type == NAME) {
                rest.getInt();
            }
            byte[] bytes = new byte[rest.getInt()];
            rest.get(bytes);
            return bytes;
        }

        String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }
    }

    /** Arguments of a request. */
    static final class Words {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Words text(String text) {
            return bytes(text.getBytes(StandardCharsets.UTF_8));
        }

        Words bytes(byte[] data) {
            number(data.length);
            bytes.writeBytes(data);
            return this;
        }

        Words number(int number) {
            bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
            return this;
        }

        Words longNumber(long number) {
            bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
            return this;
        }
    }

    static Words words() {
        return new Words();
    }

    /** Offers a version; the extensions that the server names, after its version. */
    Map<String, String> begin(int version) throws IOException {
        out.writeInt(5);
        out.writeByte(INIT);
        out.writeInt(version);
        out.flush();
        ByteBuffer answer = packet();
        assertThat(answer.get()).isEqualTo((byte) VERSION);
        Map<String, String> named = new TreeMap<>();
        named.put("version", String.valueOf(answer.getInt()));
        while (answer.hasRemaining()) {
            named.put(text(answer), text(answer));
        }
        return named;
    }

    private static String text(ByteBuffer from) {
        byte[] bytes = new byte[from.getInt()];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Sends a request and does not wait; its number. */
    int send(int type, Words words) throws IOException {
        byte[] body = words.bytes.toByteArray();
        out.writeInt(1 + Integer.BYTES + body.length);
        out.writeByte(type);
        out.writeInt(++lastId);
        out.write(body);
        out.flush();
        return lastId;
    }

    /** The answer to a request, whenever it came. */
    Answer answer(int id) throws IOException {
        while (!came.containsKey(id)) {
            ByteBuffer packet = packet();
            int type = Byte.toUnsignedInt(packet.get());
            int of = packet.getInt();
            came.put(of, new Answer(type, packet.slice()));
        }
        return came.remove(id);
    }

    Answer ask(int type, Words words) throws IOException {
        return answer(send(type, words));
    }

    private ByteBuffer packet() throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** Ends what is sent; the process ends by that. */
    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            process.destroyForcibly();
        }
    }
}
