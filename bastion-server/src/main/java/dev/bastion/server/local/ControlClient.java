package dev.bastion.server.local;

import dev.bastion.server.console.ConsoleStreams;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** Gives a command to the running bastion. One use, one thread, and one for standard input. */
public final class ControlClient {

    private ControlClient() {}

    /**
     * Runs the words there.
     *
     * @param pointer the file that says where its socket is
     * @return exit status; empty when no bastion runs
     * @throws IOException when it ends in the middle
     */
    public static OptionalInt execute(Path pointer, List<String> words, ConsoleStreams streams)
            throws IOException {
        try (SocketChannel channel = connect(pointer)) {
            DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel));
            out.writeUTF(System.getProperty("user.name"));
            out.writeBoolean(streams.terminal());
            out.writeInt(streams.columns());
            out.writeInt(words.size());
            for (String word : words) {
                out.writeUTF(word);
            }
            out.flush();
            Thread.ofPlatform()
                    .daemon()
                    .name("control-input")
                    .start(() -> feed(streams, channel, out));
            return OptionalInt.of(
                    receive(new DataInputStream(Channels.newInputStream(channel)), streams));
        } catch (NoSuchFileException | SocketException e) {
            return OptionalInt.empty();
        }
    }

    private static SocketChannel connect(Path pointer) throws IOException {
        String socket = Files.readString(pointer);
        if (!Files.exists(Path.of(socket))) {
            throw new NoSuchFileException(socket);
        }
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    private static void feed(ConsoleStreams streams, SocketChannel channel, DataOutputStream out) {
        try {
            byte[] buffer = new byte[8192];
            int count = streams.in().read(buffer);
            while (count >= 0) {
                out.write(buffer, 0, count);
                out.flush();
                count = streams.in().read(buffer);
            }
            channel.shutdownOutput();
        } catch (IOException e) {
            // The command has ended without reading all of its input.
        }
    }

    private static int receive(DataInputStream in, ConsoleStreams streams) throws IOException {
        try {
            while (true) {
                int kind = in.readByte();
                int value = in.readInt();
                if (kind == Frames.EXIT) {
                    return value;
                }
                byte[] bytes = in.readNBytes(value);
                (kind == Frames.ERR ? streams.err() : streams.out()).write(bytes);
            }
        } catch (EOFException e) {
            throw new IOException("the bastion ended in the middle of the command", e);
        }
    }
}
