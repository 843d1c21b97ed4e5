package io.sterna.loadgen.link;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.security.cert.CertPathBuilderException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a connection failed, in words for whoever has to mend it. */
final class Failure {
  private static final String ALERT = "Received fatal alert: ";

  private Failure() {}

  static String reason(IOException e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    if (e instanceof ConnectException && message.startsWith("Connection ")) {
      return "connection " + message.substring("Connection ".length());
    }
    if (!(e instanceof SSLException)) {
      return message;
    }
    if (isOfAnotherAuthority(e)) {
      return "TLS: its certificate is not of the authority that is trusted here";
    }
    int alert = message.indexOf(ALERT);
    return alert < 0
        ? "TLS: " + message
        : "TLS: it refuses the element's certificate or this TLS: "
            + message.substring(alert + ALERT.length());
  }

  /** Whether it will be no other at the next attempt, unless somebody mends something. */
  static boolean isRefusal(IOException e) {
    return e instanceof ConnectException
        || e instanceof NoRouteToHostException
        || e instanceof SSLException;
  }

  private static boolean isOfAnotherAuthority(@Nullable Throwable e) {
    return e != null
        && (e instanceof CertPathBuilderException || isOfAnotherAuthority(e.getCause()));
  }
}
