package io.sterna.store;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What a row is and means depends on nothing but the row. */
@AnalyzeClasses(packages = "io.sterna.store", importOptions = ImportOption.DoNotIncludeTests.class)
class PurityTest {
  private static final String[] PURE = {
    "..store.audit..", "..store.event..", "..store.chain..", "..store.codec.."
  };

  @ArchTest
  static final ArchRule PURE_PACKAGES_KNOW_NO_AKKA_IO_OR_CLOCK =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "akka..", "com.datastax..", "java.nio.file..", "java.net..", "java.time..");

  @ArchTest
  static final ArchRule PURE_PACKAGES_KNOW_NO_SHELL =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..store.akka..", "..store.cassandra..");

  @ArchTest
  static final ArchRule ROWS_ARE_NEVER_WIRE_MESSAGES =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.sterna.protocol.SouthboundMessage");
}
