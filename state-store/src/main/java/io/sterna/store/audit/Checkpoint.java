package io.sterna.store.audit;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import io.sterna.store.codec.SignedText;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/**
 * Where the ranges were at a moment, signed: who cuts off the newest rows, or writes the record
 * anew, cannot make the checkpoint fit. Checkpoints are a chain of their own: each names the hash
 * of the one before it, and holds only the heads that changed since.
 *
 * <p>What is signed (Ed25519) is plain text, so that any tool can check it:
 *
 * <pre>
 * sterna-checkpoint 1
 * number 17
 * at 1750000000000
 * controller c1
 * previous 64 hexadecimal digits
 * head 10.10.0.0/20 epoch revision hash
 * </pre>
 *
 * @param text what is signed
 * @param signature Base64
 */
public record Checkpoint(String text, String signature) {
  /** The algorithm of keys and signatures. */
  public static final String ALGORITHM = "Ed25519";

  private static final String FIRST_LINE = "sterna-checkpoint 1";
  private static final int HEADER_LINES = 5;

  /**
   * What a checkpoint says.
   *
   * @param previous the hash of the checkpoint before; zeros for the first
   */
  public record Content(
      long number, long atEpochMillis, String controller, ChainHash previous, List<Head> heads) {
    /** A copy that cannot be changed. */
    public Content {
      heads = List.copyOf(heads);
    }

    String text() {
      StringBuilder text = new StringBuilder(FIRST_LINE);
      text.append("\nnumber ").append(number);
      text.append("\nat ").append(atEpochMillis);
      text.append("\ncontroller ").append(controller);
      text.append("\nprevious ").append(previous);
      for (Head head : heads) {
        text.append("\nhead ").append(head.range());
        text.append(' ').append(head.epoch());
        text.append(' ').append(head.revision());
        text.append(' ').append(head.hash());
      }
      return text.append('\n').toString();
    }
  }

  /**
   * Signs.
   *
   * @throws GeneralSecurityException if the key cannot sign
   */
  public static Checkpoint sign(Content content, PrivateKey key) throws GeneralSecurityException {
    String text = content.text();
    Signature signature = Signature.getInstance(ALGORITHM);
    signature.initSign(key);
    signature.update(SignedText.bytes(text));
    return new Checkpoint(text, Base64.getEncoder().encodeToString(signature.sign()));
  }

  /** Whether one of these keys signed exactly this. */
  public boolean isSignedBy(Collection<PublicKey> keys) {
    return keys.stream().anyMatch(this::isSignedBy);
  }

  private boolean isSignedBy(PublicKey key) {
    try {
      Signature check = Signature.getInstance(ALGORITHM);
      check.initVerify(key);
      check.update(SignedText.bytes(text));
      return check.verify(Base64.getDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Not by this key, or no signature at all.
      return false;
    }
  }

  /** What the next checkpoint names as its previous. */
  public ChainHash hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return ChainHash.ofBytes(digest.digest(SignedText.bytes(text)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /**
   * What it says, signed or not.
   *
   * @throws IllegalArgumentException if the text is none that was ever signed
   */
  public Content content() {
    List<String> lines = text.lines().toList();
    if (lines.size() < HEADER_LINES || !lines.get(0).equals(FIRST_LINE)) {
      throw new IllegalArgumentException("it is no checkpoint");
    }
    List<Head> heads = new ArrayList<>();
    for (String line : lines.subList(HEADER_LINES, lines.size())) {
      String[] words = line.split(" ", -1);
      if (words.length != 5 || !words[0].equals("head")) {
        throw new IllegalArgumentException("'" + line + "' is no head");
      }
      heads.add(
          new Head(
              RangeId.parse(words[1]),
              Long.parseLong(words[2]),
              Long.parseLong(words[3]),
              hash(words[4])));
    }
    return new Content(
        Long.parseLong(field(lines.get(1), "number ")),
        Long.parseLong(field(lines.get(2), "at ")),
        field(lines.get(3), "controller "),
        hash(field(lines.get(4), "previous ")),
        heads);
  }

  private static String field(String line, String name) {
    if (!line.startsWith(name)) {
      throw new IllegalArgumentException("'" + line + "' does not begin with '" + name + "'");
    }
    return line.substring(name.length());
  }

  private static ChainHash hash(String hex) {
    return ChainHash.ofBytes(HexFormat.of().parseHex(hex));
  }
}
