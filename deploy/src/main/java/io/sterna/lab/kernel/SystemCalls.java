package io.sterna.lab.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.nio.Buffer;

/** The system calls that Java 17 does not offer. Each throws with errno when it fails. */
interface SystemCalls extends Library {
  /** The C library of this process. */
  SystemCalls INSTANCE = Native.load("c", SystemCalls.class);

  int AF_NETLINK = 16;
  int AF_PACKET = 17;
  int SOCK_RAW_CLOEXEC = 3 | 0x8_0000;
  int SOL_SOCKET = 1;
  int SO_RCVBUFFORCE = 33;
  int SO_RCVTIMEO = 20;
  int SO_ATTACH_FILTER = 26;
  int EAGAIN = 11;
  int EINTR = 4;
  int ENOBUFS = 105;

  int socket(int domain, int type, int protocol) throws LastErrorException;

  int bind(int fd, Pointer address, int length) throws LastErrorException;

  int setsockopt(int fd, int level, int option, Pointer value, int length)
      throws LastErrorException;

  NativeLong send(int fd, byte[] buffer, NativeLong length, int flags) throws LastErrorException;

  /** How many of the messages were sent. */
  int sendmmsg(int fd, Pointer messages, int count, int flags) throws LastErrorException;

  NativeLong recv(int fd, Buffer buffer, NativeLong length, int flags) throws LastErrorException;

  int if_nametoindex(String name) throws LastErrorException;

  int open(String path, int flags) throws LastErrorException;

  int close(int fd) throws LastErrorException;
}
