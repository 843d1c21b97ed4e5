package io.sterna.agent.announcement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sterna.agent.neighbourhood.Announcement;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

class AnnouncementParserPropertyTest {
  @Provide
  Arbitrary<MacAddress> cards() {
    return Arbitraries.longs()
        .between(1, (1L << 48) - 1)
        .map(bits -> new MacAddress(bits & ~(1L << 40)))
        .filter(mac -> mac.bits() != 0);
  }

  @Provide
  Arbitrary<IpAddress> v4() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 223).filter(first -> first != 127 && first != 169),
            Arbitraries.integers().between(0, 0xff_ffff))
        .as((first, rest) -> IpAddress.ofV4(first << 24 | rest));
  }

  @Provide
  Arbitrary<IpAddress> v6() {
    // Global unicast and unique local addresses.
    return Combinators.combine(
            Arbitraries.of(0x20L, 0x2aL, 0xfcL, 0xfdL), Arbitraries.longs(), Arbitraries.longs())
        .as((first, high, low) -> new IpAddress(first << 56 | (high >>> 8), low));
  }

  /** Frames of every kind about arbitrary VMs. */
  @Provide
  Arbitrary<byte[]> frames() {
    return Combinators.combine(cards(), v4(), v6(), Arbitraries.integers().between(0, 7))
        .as(AnnouncementParserPropertyTest::frame);
  }

  private static byte[] frame(MacAddress mac, IpAddress v4, IpAddress v6, int kind) {
    return switch (kind) {
      case 0 -> ArpFrames.gratuitousRequest(mac, v4);
      case 1 -> ArpFrames.gratuitousReply(mac, v4);
      case 2 -> ArpFrames.reply(mac, v4, mac, v4);
      case 3 -> ArpFrames.reverseRequest(mac);
      case 4 -> NdFrames.unsolicitedAdvertisement(mac, v6, v6);
      case 5 -> NdFrames.duplicateAddressDetection(mac, v6);
      case 6 -> NdFrames.multicastSolicitation(mac, v6, v6);
      default -> NdFrames.advertisement(mac, v6, new Solicitation(v6, mac, v6));
    };
  }

  @Property
  void readsWhatIsBuilt(
      @ForAll("cards") MacAddress mac,
      @ForAll("v4") IpAddress v4,
      @ForAll("v6") IpAddress v6,
      @ForAll @IntRange(max = 40) int padding) {
    assertParsed(
        new Announcement.OfAddress(v4, mac, Evidence.GRATUITOUS_ARP),
        ArpFrames.gratuitousRequest(mac, v4),
        padding);
    assertParsed(
        new Announcement.OfMac(mac, Evidence.RARP), ArpFrames.reverseRequest(mac), padding);
    assertParsed(
        new Announcement.OfAddress(v6, mac, Evidence.UNSOLICITED_NA),
        NdFrames.unsolicitedAdvertisement(mac, v6, v6),
        padding);
    assertParsed(
        new Announcement.OfAddress(v6, mac, Evidence.DAD_NS),
        NdFrames.duplicateAddressDetection(mac, v6),
        padding);
  }

  private static void assertParsed(Announcement expected, byte[] frame, int padding) {
    byte[] padded = Arrays.copyOf(frame, frame.length + padding);
    assertEquals(expected, AnnouncementParser.parse(padded, padded.length));
  }

  @Property
  void randomBytesNeverThrow(@ForAll @Size(max = 200) byte[] bytes) {
    assertPlausible(AnnouncementParser.parse(bytes, bytes.length));
    Solicitation.parse(bytes, bytes.length);
  }

  /** Near misses come further into the parser than random bytes do. */
  @Property(tries = 5_000)
  void damagedFramesNeverThrow(
      @ForAll("frames") byte[] frame,
      @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 0xffff) Integer> damages,
      @ForAll @IntRange(max = 100) int length) {
    for (int damage : damages) {
      frame[(damage >>> 8) % frame.length] = (byte) damage;
    }
    int cut = Math.min(length, frame.length);
    assertPlausible(AnnouncementParser.parse(frame, cut));
    assertPlausible(AnnouncementParser.parse(frame, frame.length));
    Solicitation.parse(frame, cut);
    Solicitation.parse(frame, frame.length);
  }

  private static void assertPlausible(@Nullable Announcement announcement) {
    if (announcement != null) {
      assertFalse(announcement.mac().isGroup());
      assertNotEquals(0, announcement.mac().bits());
    }
  }

  /** One wrong bit anywhere in the message is found by the checksum. */
  @Property
  void everySingleBitOfTheMessageCounts(
      @ForAll("cards") MacAddress mac,
      @ForAll("v6") IpAddress v6,
      @ForAll @IntRange(min = 22 * 8, max = 86 * 8 - 1) int bit) {
    byte[] frame = NdFrames.unsolicitedAdvertisement(mac, v6, v6);
    frame[bit / 8] ^= (byte) (1 << (bit % 8));
    assertNull(AnnouncementParser.parse(frame, frame.length));
  }
}
