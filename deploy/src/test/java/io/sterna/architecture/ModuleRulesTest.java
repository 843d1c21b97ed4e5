package io.sterna.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.MethodCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.ClassesShould;
import io.sterna.protocol.SouthboundMessage;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/**
 * Who may use whom, looked at in the byte code of all modules together. What imports alone can show
 * is refused earlier, by the import control of the build.
 */
@AnalyzeClasses(packages = "io.sterna", importOptions = ImportOption.DoNotIncludeTests.class)
final class ModuleRulesTest {
  private static final String PROTOCOL = "io.sterna.protocol..";
  private static final String WIRE = "io.sterna.protocol.wire..";
  private static final String LINUX = "io.sterna.linux..";
  private static final String MONITORING = "io.sterna.monitoring..";
  private static final String AGENT = "io.sterna.agent..";
  private static final String STORE = "io.sterna.store..";
  private static final String CONTROLLER = "io.sterna.controller..";
  private static final String LOADGEN = "io.sterna.loadgen..";
  private static final String[] DEPLOY = {
    "io.sterna.bench..",
    "io.sterna.cli..",
    "io.sterna.lab..",
    "io.sterna.ca..",
    "io.sterna.planning..",
    "io.sterna.replay.."
  };

  /** Packages whose results depend on arguments only. */
  private static final String[] PURE = {
    "io.sterna.agent.forwarding..",
    "io.sterna.agent.table..",
    "io.sterna.controller.policy..",
    "io.sterna.controller.range..",
    "io.sterna.controller.relocation..",
    "io.sterna.loadgen.check..",
    "io.sterna.loadgen.replay..",
    "io.sterna.loadgen.schedule..",
    "io.sterna.loadgen.table..",
    "io.sterna.monitoring.matrix..",
    "io.sterna.monitoring.report..",
    "io.sterna.store.audit..",
    "io.sterna.store.chain..",
    "io.sterna.store.event..",
  };

  @ArchTest
  static final ArchRule PROTOCOL_USES_THE_JDK_AND_KRYO =
      classes()
          .that()
          .resideInAPackage(PROTOCOL)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              PROTOCOL, "java..", "javax..", "com.esotericsoftware.kryo..", "org.jspecify..");

  @ArchTest
  static final ArchRule LINUX_KNOWS_THE_PROTOCOL_ONLY =
      none(LINUX)
          .dependOnClassesThat(
              resideInAnyPackage("akka..", WIRE, MONITORING, AGENT, STORE, CONTROLLER, LOADGEN)
                  .or(deploy()));

  @ArchTest
  static final ArchRule MONITORING_KNOWS_PROTOCOL_AND_LINUX =
      none(MONITORING)
          .dependOnClassesThat(
              resideInAnyPackage("akka..", WIRE, AGENT, STORE, CONTROLLER, LOADGEN).or(deploy()));

  @ArchTest
  static final ArchRule AGENT_KNOWS_THE_PROTOCOL_ONLY =
      none(AGENT).dependOnClassesThat(resideInAnyPackage(STORE, CONTROLLER, LOADGEN).or(deploy()));

  @ArchTest
  static final ArchRule STORE_KNOWS_THE_PROTOCOL_ONLY =
      none(STORE).dependOnClassesThat(resideInAnyPackage(AGENT, CONTROLLER, LOADGEN).or(deploy()));

  @ArchTest
  static final ArchRule CONTROLLER_KNOWS_PROTOCOL_AND_STORE =
      none(CONTROLLER).dependOnClassesThat(resideInAnyPackage(AGENT, LOADGEN).or(deploy()));

  @ArchTest
  static final ArchRule LOADGEN_KNOWS_THE_PROTOCOL_ONLY =
      none(LOADGEN)
          .dependOnClassesThat(resideInAnyPackage("akka..", AGENT, STORE, CONTROLLER).or(deploy()));

  @ArchTest
  static final ArchRule LOADGEN_MAKES_FRAMES_AT_ONE_PLACE =
      noClasses()
          .that()
          .resideInAPackage(LOADGEN)
          .and()
          .resideOutsideOfPackage("io.sterna.loadgen.link..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(WIRE);

  @ArchTest
  static final ArchRule EVENTS_ARE_NEVER_WIRE_MESSAGES =
      none(STORE)
          .dependOnClassesThat(resideInAPackage(WIRE).or(belongToAnyOf(SouthboundMessage.class)));

  @ArchTest
  static final ArchRule CONTROLLER_MAKES_FRAMES_AT_TWO_PLACES =
      noClasses()
          .that()
          .resideInAPackage(CONTROLLER)
          .and()
          .resideOutsideOfPackages(
              "io.sterna.controller.southbound..", "io.sterna.controller.owner..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(WIRE)
          .because("sessions read and write them, and an owner encodes a delta once for all");

  @ArchTest
  static final ArchRule PURE_PACKAGES_HAVE_NO_ACTORS_IO_CLOCKS_OR_THREADS =
      none(PURE)
          .dependOnClassesThat(
              resideInAnyPackage(
                      "akka..",
                      "scala..",
                      "org.slf4j..",
                      "com.typesafe..",
                      "com.datastax..",
                      "com.sun..",
                      "java.io..",
                      "java.net..",
                      "java.nio..",
                      "java.util.concurrent..")
                  .or(belongToAnyOf(Clock.class, InstantSource.class, Thread.class))
                  .and(
                      not(
                          belongToAnyOf(
                              IOException.class, UncheckedIOException.class, Serializable.class))));

  @ArchTest
  static final ArchRule PURE_PACKAGES_ASK_NO_CLOCK =
      none(PURE)
          .callMethodWhere(
              describe("it reads a clock", (JavaMethodCall call) -> readsClock(call.getTarget())));

  @ArchTest
  static final ArchRule NULLNESS_IS_CHECKED_EVERYWHERE =
      classes()
          .should()
          .resideInAPackage("io.sterna..")
          .andShould(
              ArchCondition.from(
                  describe(
                      "be in a @NullMarked package",
                      (JavaClass type) -> type.getPackage().isAnnotatedWith(NullMarked.class))));

  @ArchTest
  static void anAgentMakesFramesInOnePackage(JavaClasses all) {
    Set<String> packages =
        all.stream()
            .filter(resideInAPackage(AGENT))
            .filter(ModuleRulesTest::touchesTheWire)
            .map(JavaClass::getPackageName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertTrue(packages.size() <= 1, () -> "more than one: " + packages);
  }

  @ArchTest
  static void allModulesAreSeen(JavaClasses all) {
    for (String module :
        new String[] {PROTOCOL, LINUX, MONITORING, AGENT, STORE, CONTROLLER, LOADGEN}) {
      Predicate<JavaClass> inside = resideInAPackage(module);
      assertFalse(all.stream().noneMatch(inside), () -> "no class of " + module + " was found");
    }
  }

  private static boolean touchesTheWire(JavaClass type) {
    return type.getDirectDependenciesFromSelf().stream()
        .anyMatch(dependency -> resideInAPackage(WIRE).test(dependency.getTargetClass()));
  }

  private static boolean readsClock(MethodCallTarget target) {
    String owner = target.getOwner().getFullName();
    return (owner.equals("java.lang.System")
            && Set.of("nanoTime", "currentTimeMillis").contains(target.getName()))
        || (owner.startsWith("java.time.") && target.getName().equals("now"));
  }

  private static DescribedPredicate<JavaClass> deploy() {
    return resideInAnyPackage(DEPLOY);
  }

  private static ClassesShould none(String... packages) {
    return noClasses().that().resideInAnyPackage(packages).should();
  }
}
