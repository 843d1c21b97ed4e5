package io.sterna.agent.link;

import akka.actor.typed.ActorRef;
import io.sterna.agent.hypervisor.Operations;
import io.sterna.agent.hypervisor.VmReports;
import io.sterna.agent.link.AgentLink.Migrated;
import io.sterna.agent.link.AgentLink.VmsFound;
import io.sterna.agent.table.SessionId;
import io.sterna.protocol.MigrationState;
import io.sterna.protocol.SouthboundMessage.MigrationCommand;
import io.sterna.protocol.SouthboundMessage.MigrationReport;
import io.sterna.protocol.SouthboundMessage.VmReport;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Between controllers and the hypervisor of this element. Belongs to the link. */
final class HypervisorDesk {
  private final AgentLink.Parts parts;
  private final OpenSessions sessions;
  private final ActorRef<AgentLink.Command> link;
  private final Optional<Operations> operations;
  private final Optional<VmReports> reports;

  /** Who asked for a migration last hears how it goes; whoever takes over asks again. */
  private @Nullable SessionId migrating;

  /**
   * @param link is told what the hypervisor says
   * @param blocking where the hypervisor is called
   */
  HypervisorDesk(
      AgentLink.Parts parts,
      OpenSessions sessions,
      ActorRef<AgentLink.Command> link,
      Executor blocking) {
    this.parts = parts;
    this.sessions = sessions;
    this.link = link;
    Duration interval = parts.vmReportInterval();
    operations =
        parts
            .hypervisor()
            .map(
                hypervisor ->
                    new Operations(
                        parts.fe(), hypervisor, blocking, said -> link.tell(new Migrated(said))));
    reports =
        parts
            .hypervisor()
            .filter(hypervisor -> !interval.isZero())
            .map(
                hypervisor ->
                    new VmReports(
                        hypervisor, interval, blocking, said -> link.tell(new VmsFound(said))));
  }

  /** Whether the hypervisor is to be asked what its VMs use. */
  boolean reports() {
    return reports.isPresent();
  }

  /** A controller asks for something about a migration. */
  void asked(SessionId id, MigrationCommand command) {
    migrating = id;
    if (operations.isPresent()) {
      operations.get().ask(command);
      return;
    }
    link.tell(
        new Migrated(
            new MigrationReport(
                command.migration().operation(),
                command.phase(),
                MigrationState.FAILED,
                0,
                0,
                parts.fe() + " has no hypervisor that may be asked")));
  }

  /** The hypervisor has come further with that. */
  void migrated(MigrationReport report) {
    SessionId asker = migrating;
    if (asker != null) {
      sessions.stream(asker).ifPresent(stream -> stream.send(report));
    }
  }

  /** It is time to ask what its VMs use; not while nobody would hear the answer. */
  void reportIsDue() {
    if (sessions.anyWelcomed().isPresent()) {
      reports.ifPresent(VmReports::ask);
    }
  }

  /** To any controller: they all hand it to the same one. */
  void found(VmReport report) {
    sessions.anyWelcomed().ifPresent(stream -> stream.send(report));
  }
}
