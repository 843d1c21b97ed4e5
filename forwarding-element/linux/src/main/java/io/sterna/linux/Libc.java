package io.sterna.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;

/** The system calls that Java 17 does not offer. Each throws with errno when it fails. */
public interface Libc extends Library {
  /** The C library of this process. */
  Libc INSTANCE = Native.load("c", Libc.class);

  int socket(int domain, int type, int protocol) throws LastErrorException;

  int bind(int fd, Pointer address, int length) throws LastErrorException;

  int setsockopt(int fd, int level, int option, Pointer value, int length)
      throws LastErrorException;

  NativeLong send(int fd, Pointer buffer, NativeLong length, int flags) throws LastErrorException;

  NativeLong recv(int fd, Pointer buffer, NativeLong length, int flags) throws LastErrorException;

  int if_nametoindex(String name) throws LastErrorException;

  int open(String path, int flags) throws LastErrorException;

  int close(int fd) throws LastErrorException;

  int setns(int fd, int type) throws LastErrorException;

  /** syscall(2): for what the C library has no function for. */
  NativeLong syscall(NativeLong number, Object... arguments) throws LastErrorException;
}
