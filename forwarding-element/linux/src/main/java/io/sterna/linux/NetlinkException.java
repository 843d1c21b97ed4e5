package io.sterna.linux;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The kernel refused a request. */
public final class NetlinkException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  public NetlinkException(String request, int errno, @Nullable String text) {
    super(request + ": " + reason(errno, text));
    this.errno = errno;
  }

  public int errno() {
    return errno;
  }

  /** The kernel's words if it said any, and the error's number and name. */
  public static String reason(int errno, @Nullable String text) {
    String name = name(errno);
    return text == null || text.isEmpty() ? name : text + " (" + name + ")";
  }

  private static String name(int errno) {
    return switch (errno) {
      case 1 -> "EPERM: not permitted, CAP_NET_ADMIN is needed";
      case Rtnetlink.ENOENT -> "ENOENT: no such entry";
      case Rtnetlink.ESRCH -> "ESRCH: no such entry";
      case 12 -> "ENOMEM: out of memory";
      case 16 -> "EBUSY: busy";
      case 17 -> "EEXIST: exists already";
      case Rtnetlink.ENODEV -> "ENODEV: no such device";
      case 22 -> "EINVAL: invalid";
      case 95 -> "EOPNOTSUPP: not supported by this kernel";
      case 100 -> "ENETDOWN: the device is down";
      case 101 -> "ENETUNREACH: unreachable";
      case 105 -> "ENOBUFS: a table is full";
      default -> "errno " + errno;
    };
  }
}
