package io.sterna.lab.fault;

import io.sterna.lab.LabException;
import io.sterna.lab.topology.IpTool;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system of a bounded size at a folder, for Cassandra's data: it can be filled up. */
final class SmallDisk {
  /** Cassandra's commit log may take 256 MiB of it. */
  private static final int SIZE_MEBIBYTES = 448;

  private static final int BLOCK_BYTES = 1 << 16;

  private final Path folder;
  private final IpTool tool = new IpTool();

  SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Mounts it, empty. */
  void mount() throws LabException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new LabException("cannot make " + folder + ": " + FileReason.why(e), e);
    }
    tool.run(
        List.of(
            "mount",
            "-t",
            "tmpfs",
            "-o",
            "size=" + SIZE_MEBIBYTES + "m",
            "sterna-fault",
            folder.toString()),
        "");
  }

  /** Takes it away with all that is on it. Does nothing if it is not mounted. */
  void unmount() throws LabException {
    while (isMounted()) {
      tool.run(List.of("umount", folder.toString()), "");
    }
  }

  private boolean isMounted() throws LabException {
    try {
      return Files.readString(Path.of("/proc/self/mounts")).contains(" " + folder + " ");
    } catch (IOException e) {
      throw new LabException("cannot read what is mounted: " + FileReason.why(e), e);
    }
  }

  /** Writes a file until no byte more has room. */
  void fill() throws LabException {
    byte[] block = new byte[BLOCK_BYTES];
    try (OutputStream out = Files.newOutputStream(filler())) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      // No space is left: that was wanted.
      if (folder.toFile().getUsableSpace() >= BLOCK_BYTES) {
        throw new LabException("cannot fill " + folder + ": " + FileReason.why(e), e);
      }
    }
  }

  /** Removes that file. */
  void free() throws LabException {
    try {
      Files.deleteIfExists(filler());
    } catch (IOException e) {
      throw new LabException("cannot free " + folder + ": " + FileReason.why(e), e);
    }
  }

  private Path filler() {
    return folder.resolve("filler");
  }
}
