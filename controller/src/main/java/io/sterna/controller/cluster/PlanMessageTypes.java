package io.sterna.controller.cluster;

import com.esotericsoftware.kryo.Kryo;
import io.sterna.controller.execution.RelocationCommand;
import io.sterna.controller.owner.RangeCommand;
import io.sterna.controller.southbound.Sessions;
import io.sterna.protocol.Migration;
import io.sterna.protocol.MigrationPhase;
import io.sterna.protocol.MigrationState;
import io.sterna.protocol.OperationId;
import io.sterna.protocol.SouthboundMessage.MigrationCommand;
import io.sterna.protocol.SouthboundMessage.MigrationReport;
import io.sterna.store.plan.PlanId;

/** The ids of what controllers send to each other about plans and migrations: 130 to 159. */
final class PlanMessageTypes {
  private PlanMessageTypes() {}

  static void register(Kryo kryo) {
    ClusterMessageTypes.record(kryo, PlanId.class, 130);
    ClusterMessageTypes.record(kryo, OperationId.class, 131);
    ClusterMessageTypes.record(kryo, Migration.class, 132);
    kryo.register(MigrationPhase.class, new PhaseSerializer(), 133);
    kryo.register(MigrationState.class, new StateSerializer(), 134);
    ClusterMessageTypes.record(kryo, MigrationCommand.class, 135);
    ClusterMessageTypes.record(kryo, MigrationReport.class, 136);
    ClusterMessageTypes.record(kryo, Sessions.TellElement.class, 137);
    ClusterMessageTypes.record(kryo, RelocationCommand.MigrationReported.class, 138);
    ClusterMessageTypes.record(kryo, RelocationCommand.ListPlans.class, 140);
    ClusterMessageTypes.record(kryo, RelocationCommand.PlanListing.class, 141);
    ClusterMessageTypes.record(kryo, RelocationCommand.PlanSummary.class, 142);
    ClusterMessageTypes.record(kryo, RelocationCommand.ShowPlan.class, 143);
    ClusterMessageTypes.record(kryo, RelocationCommand.PlanPage.class, 144);
    ClusterMessageTypes.record(kryo, RelocationCommand.StepView.class, 145);
    ClusterMessageTypes.record(kryo, RelocationCommand.ProposePlan.class, 146);
    ClusterMessageTypes.record(kryo, RelocationCommand.ApprovePlan.class, 147);
    ClusterMessageTypes.record(kryo, RelocationCommand.RejectPlan.class, 148);
    ClusterMessageTypes.record(kryo, RelocationCommand.StopPlan.class, 149);
    ClusterMessageTypes.record(kryo, RelocationCommand.PlanChanged.class, 150);
    ClusterMessageTypes.record(kryo, RangeCommand.NoteMigration.class, 151);
  }

  private static final class PhaseSerializer
      extends ClusterMessageTypes.CodeSerializer<MigrationPhase> {
    @Override
    int codeOf(MigrationPhase value) {
      return value.code();
    }

    @Override
    MigrationPhase ofCode(int code) {
      return MigrationPhase.ofCode(code);
    }
  }

  private static final class StateSerializer
      extends ClusterMessageTypes.CodeSerializer<MigrationState> {
    @Override
    int codeOf(MigrationState value) {
      return value.code();
    }

    @Override
    MigrationState ofCode(int code) {
      return MigrationState.ofCode(code);
    }
  }
}
