package io.sterna.loadgen.link;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.security.cert.CertPathBuilderException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a connection failed, in words for whoever has to mend it. */
final class Failure {
  private static final String ALERT = "Received fatal alert: ";
  private static final String BORING_SSL_PROBLEM = "General OpenSslEngine problem";
  private static final Pattern BORING_SSL_ALERT = Pattern.compile(":(?:SSLV3|TLSV1)_ALERT_(\\w+)");

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
    String alert = alert(message);
    return alert == null
        ? "TLS: " + (saysNothing(e, message) ? ofCause(e) : message)
        : "TLS: it refuses the element's certificate or this TLS: " + alert;
  }

  /** What the other side says is wrong, null if it is not the other side that says it. */
  private static @Nullable String alert(String message) {
    int java = message.indexOf(ALERT);
    if (java >= 0) {
      return message.substring(java + ALERT.length());
    }
    Matcher boringSsl = BORING_SSL_ALERT.matcher(message);
    return boringSsl.find() ? boringSsl.group(1).toLowerCase(Locale.ROOT) : null;
  }

  /** BoringSSL's engine may say no more than that there is a problem, or the name of a class. */
  private static boolean saysNothing(IOException e, String message) {
    return message.startsWith(BORING_SSL_PROBLEM) || message.equals(String.valueOf(e.getCause()));
  }

  private static String ofCause(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
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
