package dev.bastion.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may depend on what, over the compiled classes of all modules. */
class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.bastion");

    private static final String SERVER = "dev.bastion.server.";

    /** An import that finds nothing would let every rule pass. */
    @ParameterizedTest
    @CsvSource({
        "dev.bastion.audit, 30",
        "dev.bastion.audit.line, 40",
        "dev.bastion.audit.shipping, 12",
        "dev.bastion.menu, 10",
        "dev.bastion.server, 120",
        "dev.bastion.server.relay, 8",
        "dev.bastion.server.tap, 7",
        "dev.bastion.server.tap.sftp, 12",
        "dev.bastion.server.fleet, 20",
        "dev.bastion.server.gateway, 8",
        "dev.bastion.server.backend, 6",
        "dev.bastion.server.access, 8",
        "dev.bastion.server.inventory, 5"
    })
    void theClassesWereFound(String name, int atLeast) {
        assertThat(CLASSES.getPackage(name).getClassesInPackageTree())
                .hasSizeGreaterThanOrEqualTo(atLeast);
    }

    @Test
    void theAuditStoreKnowsNoSshAndNoOtherModule() {
        noClasses()
                .that()
                .resideInAPackage("dev.bastion.audit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.sshd..", "dev.bastion.menu..", "dev.bastion.server..")
                .check(CLASSES);
    }

    @Test
    void theMenuKnowsNoSshAndNoOtherModule() {
        noClasses()
                .that()
                .resideInAPackage("dev.bastion.menu..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.sshd..", "dev.bastion.audit..", "dev.bastion.server..")
                .check(CLASSES);
    }

    @Test
    void onlyTheGatewayAndTheDemoHostsAreSshServers() {
        noClasses()
                .that()
                .resideOutsideOfPackages(SERVER + "gateway..", SERVER + "demo..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.sshd.server..")
                .check(CLASSES);
        classes()
                .that()
                .haveSimpleName("Gateway")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.sshd.server..")
                .check(CLASSES);
    }

    @Test
    void onlyTheBackendIsAnSshClient() {
        noClasses()
                .that()
                .resideOutsideOfPackages(SERVER + "backend..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("org.apache.sshd.client..")
                                // What MINA's channels of both sides answer an opening with.
                                .and(not(resideInAPackage("org.apache.sshd.client.future.."))))
                .check(CLASSES);
        classes()
                .that()
                .haveSimpleName("HostConnector")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.sshd.client..")
                .check(CLASSES);
    }

    @ParameterizedTest
    @CsvSource({"gateway, backend", "backend, gateway"})
    void theTwoSidesDoNotKnowEachOther(String one, String other) {
        noClasses()
                .that()
                .resideInAPackage(SERVER + one + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(SERVER + other + "..")
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"relay", "tap", "fleet", "access", "inventory"})
    void thePurePartsTouchNoFileNoNetworkAndNoDatabase(String name) {
        noClasses()
                .that()
                .resideInAPackage(SERVER + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.net..",
                        "java.sql..",
                        "javax.sql..",
                        "org.jdbi..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(File.*|RandomAccessFile)")
                .check(CLASSES);
    }

    @Test
    void noPackagesOfTheServerGoInACircle() {
        slices().matching("dev.bastion.server.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void noPackagesOfTheOtherModulesGoInACircle() {
        slices().matching("dev.bastion.audit.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("dev.bastion.menu.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void namesSayWhatAClassIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Util|Common|Manager|Helper|Impl)(s|[A-Z$].*)?")
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> unmarked =
                CLASSES.stream()
                        .map(JavaClass::getPackage)
                        .filter(found -> !found.isAnnotatedWith(NullMarked.class))
                        .map(JavaPackage::getName)
                        .collect(Collectors.toSet());
        assertThat(unmarked).isEmpty();
    }
}
