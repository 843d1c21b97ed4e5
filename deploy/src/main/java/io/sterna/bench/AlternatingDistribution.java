package io.sterna.bench;

import io.sterna.lab.LabException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The distribution that this runs from, but its class {@code Chain} computes hashes by turns only.
 * Made when it is measured and removed afterwards: in what is delivered nothing can switch the
 * chain off.
 *
 * @param original the distribution that this runs from
 * @param home the other one
 */
record AlternatingDistribution(Path original, Path home) {
  private static final String CHAIN = "io/sterna/store/chain/Chain";
  private static final String SOURCE = "AlternatingChain.java.txt";

  /**
   * Makes it.
   *
   * @param home a folder that is not there yet
   * @param turns the file in which its controller will write down a line for each turn
   */
  static AlternatingDistribution make(Path home, Path turns) throws LabException {
    Path original = Path.of(System.getProperty("sterna.home", ""));
    if (!Files.isExecutable(original.resolve("bin/sterna"))) {
      throw new LabException("this does not run from a distribution");
    }
    try {
      Path lib = Files.createDirectories(home.resolve("lib"));
      Files.createDirectories(home.resolve("bin"));
      Files.copy(original.resolve("bin/sterna"), home.resolve("bin/sterna"));
      try (Stream<Path> jars = Files.list(original.resolve("lib"))) {
        for (Path jar : jars.toList()) {
          place(jar, lib.resolve(jar.getFileName()));
        }
      }
      byte[] compiled = compiled(Files.createDirectories(home.resolve("classes")), turns);
      try (Stream<Path> jars = Files.list(lib)) {
        List<Path> stores = jars.filter(AlternatingDistribution::isStore).toList();
        if (stores.size() != 1) {
          throw new LabException("which of " + stores + " holds the chain?");
        }
        try (FileSystem store = FileSystems.newFileSystem(stores.get(0))) {
          Files.copy(
              new ByteArrayInputStream(compiled),
              store.getPath(CHAIN + ".class"),
              StandardCopyOption.REPLACE_EXISTING);
        }
      }
      return new AlternatingDistribution(original, home);
    } catch (IOException e) {
      throw new LabException("cannot make a distribution in " + home + ": " + e, e);
    }
  }

  /** The main jar finds its libraries beside where it really lies. */
  private static void place(Path jar, Path to) throws IOException {
    String name = String.valueOf(jar.getFileName());
    if (name.startsWith("sterna-deploy-") || isStore(jar)) {
      Files.copy(jar, to);
    } else {
      Files.createSymbolicLink(to, jar.toAbsolutePath());
    }
  }

  private static boolean isStore(Path jar) {
    return String.valueOf(jar.getFileName()).startsWith("sterna-state-store-");
  }

  /** The class that takes the place of the chain. */
  static byte[] compiled(Path folder, Path turns) throws LabException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new LabException("this Java has no compiler: a JDK is needed");
    }
    Path source = folder.resolve("Chain.java");
    try (InputStream text = AlternatingDistribution.class.getResourceAsStream(SOURCE);
        StandardJavaFileManager files =
            compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      if (text == null) {
        throw new LabException("the program lacks " + SOURCE);
      }
      Files.writeString(source, filledIn(text, turns));
      List<String> options =
          List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
      boolean done =
          compiler
              .getTask(null, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      if (!done) {
        throw new LabException(SOURCE + " does not compile");
      }
      return Files.readAllBytes(folder.resolve(CHAIN + ".class"));
    } catch (IOException e) {
      throw new LabException("cannot compile in " + folder + ": " + e, e);
    }
  }

  private static String filledIn(InputStream text, Path turns) throws IOException {
    return new String(text.readAllBytes(), StandardCharsets.UTF_8)
        .replace("@TURN_NANOS@", String.valueOf(ChainCost.TURN.toNanos()))
        .replace("@UNCOUNTED_NANOS@", String.valueOf(ChainCost.UNCOUNTED.toNanos()))
        .replace("@FILE@", turns.toString().replace("\\", "\\\\").replace("\"", "\\\""));
  }
}
