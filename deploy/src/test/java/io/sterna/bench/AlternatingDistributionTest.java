package io.sterna.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import io.sterna.store.chain.Chain;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlternatingDistributionTest {
  /** Whoever changes the chain changes what the bench compares it with. */
  @Test
  void theClassThatHashesByTurnsCanTakeThePlaceOfTheChain(@TempDir Path folder) throws Exception {
    byte[] compiled = AlternatingDistribution.compiled(folder, folder.resolve("turns"));
    try (DataInputStream read = new DataInputStream(new ByteArrayInputStream(compiled))) {
      assertEquals(0xcafebabe, read.readInt());
    }
    Class<?> made = new Loader(compiled).load();
    assertEquals(methods(Chain.class), methods(made));
    assertNotSame(Chain.class, made);
  }

  private static Set<String> methods(Class<?> of) {
    return Arrays.stream(of.getDeclaredMethods())
        .filter(each -> Modifier.isPublic(each.getModifiers()))
        .map(Method::toGenericString)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static final class Loader extends ClassLoader {
    private final byte[] compiled;

    Loader(byte[] compiled) {
      super(Objects.requireNonNull(Chain.class.getClassLoader()));
      this.compiled = compiled.clone();
    }

    Class<?> load() {
      return defineClass(Chain.class.getName(), compiled, 0, compiled.length);
    }
  }
}
