package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.evidence.Evidence.Finding;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What breaks outside of any case fails the run, in each dialect that is read. */
@Tag("M2.4")
class BrokenSuiteTests {
    private static Reading read(String xml) throws Exception {
        return new TestReportReader().read(() -> new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    private static Map<String, Object> summary(String xml) throws Exception {
        return read(xml).summary();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // xUnit.net: what cleans up after a class threw.
                "<assemblies><assembly name='a.dll' total='1' passed='1' failed='0' errors='1'><errors><error type='test-class-cleanup' name='A'>"
                        + "<failure exception-type='X'><message>gone</message></failure></error></errors>"
                        + "<collection><test name='A.b' type='A' method='b' result='Pass'/></collection></assembly></assemblies>",
                "<assemblies><assembly name='a.dll' total='1' passed='1' failed='0' errors='1'><collection><test name='A.b' result='Pass'/></collection></assembly></assemblies>",
                // NUnit 3: its tear-down, and an assembly that could not be run.
                "<test-run result='Failed' total='1' passed='1' failed='0'><test-suite type='TestFixture' name='A' result='Failed' label='Error' site='TearDown'>"
                        + "<failure><message>gone</message></failure><test-case name='b' result='Passed'/></test-suite></test-run>",
                "<test-run result='Failed'><test-suite type='Assembly' name='a.dll' runstate='NotRunnable' result='Failed' label='Invalid'/>"
                        + "<test-suite type='TestFixture' name='A' result='Passed'><test-case name='b' result='Passed'/></test-suite></test-run>",
                // NUnit 2.
                "<test-results errors='0' failures='0'><test-suite name='A' executed='True' result='Error' success='False'><results>"
                        + "<test-case name='b' executed='True' result='Success' success='True'/></results></test-suite></test-results>",
                // Visual Studio: the process that ran the tests died.
                "<TestRun><Results><UnitTestResult testName='b' outcome='Passed'/></Results><ResultSummary outcome='Failed'><Counters total='1' passed='1' failed='0'/>"
                        + "<RunInfos><RunInfo outcome='Error'><Text>The active test run was aborted. Reason: Test host process crashed</Text></RunInfo></RunInfos></ResultSummary></TestRun>",
                "<TestRun><Results><UnitTestResult testName='b' outcome='Passed'/></Results><ResultSummary outcome='Aborted'/></TestRun>",
                "<TestRun><Results><UnitTestResult testName='b' outcome='Passed'/></Results><ResultSummary outcome='Completed'><Counters total='2' passed='1' timeout='1'/></ResultSummary></TestRun>",
                // TestNG: what prepares the tests failed.
                "<testng-results failed='0' passed='1'><suite name='s'><test name='t'><class name='A'>"
                        + "<test-method status='FAIL' name='setUp' is-config='true'><exception class='X'/></test-method>"
                        + "<test-method status='PASS' name='b'/></class></test></suite></testng-results>",
                // Karma and others: a browser that went away is counted, and no case.
                "<testsuite name='Firefox' tests='1' errors='1' failures='0'><testcase name='b' classname='A'/><system-err>disconnected</system-err></testsuite>",
                "<testsuites failures='1'><testsuite name='s'><testcase name='b'/></testsuite></testsuites>",
                "<testsuites><error message='could not start'/><testsuite name='s'><testcase name='b'/></testsuite></testsuites>",
            })
    void what_broke_outside_of_its_cases_is_an_error_of_the_suite(String xml) throws Exception {
        Reading reading = read(xml);
        assertThat(reading.summary())
                .containsEntry("suiteErrors", 1L)
                .containsEntry("tests", 1L)
                .containsEntry("passed", 1L);
        assertThat(reading.findings()).hasSize(1).allSatisfy(finding -> assertThat(finding.counts())
                .contains("suiteErrors"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<assemblies><assembly name='a.dll' failed='1' errors='0'><errors/><collection failed='1'><test name='A.b' result='Fail'/></collection></assembly></assemblies>",
                "<test-run result='Failed' failed='1'><test-suite name='A' result='Failed' site='Child'><failure><message>One or more child tests had errors</message></failure>"
                        + "<test-case name='b' result='Failed'/></test-suite></test-run>",
                "<test-results failures='1'><test-suite name='A' executed='True' result='Failure' success='False'><results>"
                        + "<test-case name='b' executed='True' result='Failure' success='False'/></results></test-suite></test-results>",
                "<TestRun><Results><UnitTestResult testName='b' outcome='Failed'/></Results><ResultSummary outcome='Failed'><Counters failed='1'/>"
                        + "<RunInfos><RunInfo outcome='Error'><Text>[xUnit.net 00:00:01.02]     A.b [FAIL]</Text></RunInfo></RunInfos></ResultSummary></TestRun>",
                "<testng-results failed='1'><suite name='s'><test name='t'><class name='A'><test-method status='PASS' name='setUp' is-config='true'/>"
                        + "<test-method status='FAIL' name='b'/></class></test></suite></testng-results>",
                "<testsuite name='s' failures='1'><testcase name='b'><failure/></testcase></testsuite>",
            })
    void a_failed_case_is_told_once_and_what_only_prepares_is_no_test(String xml) throws Exception {
        assertThat(summary(xml))
                .containsEntry("suiteErrors", 0L)
                .containsEntry("tests", 1L)
                .containsEntry("failures", 1L);
    }

    @Test
    void cases_that_passed_when_run_again_stand_for_the_failures_that_the_suite_counts() throws Exception {
        assertThat(
                        summary(
                                "<testsuite name='s' tests='1' failures='1'><testcase name='b'><flakyFailure message='x'/></testcase></testsuite>"))
                .containsEntry("suiteErrors", 0L)
                .containsEntry("flaky", 1L);
    }

    /** What lies around the suite counts the same ones, and does not tell them again. */
    /** gotestsum counts the lines that the build wrote to stderr. */
    @Test
    void errors_of_a_run_whose_suites_count_none_are_no_cases() throws Exception {
        assertThat(
                        summary(
                                "<testsuites tests='1' failures='0' errors='2'><testsuite name='s' tests='1' failures='0'><testcase name='b'/></testsuite></testsuites>"))
                .containsEntry("suiteErrors", 0L);
        assertThat(
                        summary(
                                "<testsuites tests='1' failures='0' errors='2'><testsuite name='s' tests='1' errors='0'><testcase name='b'/></testsuite></testsuites>"))
                .containsEntry("suiteErrors", 1L);
    }

    @Test
    void every_way_in_which_a_suite_broke_has_a_name_of_its_own() throws Exception {
        String suite = "<testsuite name='%s'><error message='%s'/><testcase name='b'/></testsuite>";
        String first =
                read(suite.formatted("s", "no database")).findings().get(0).id();
        assertThat(first)
                .startsWith("s#")
                .isEqualTo(read(suite.formatted("s", "no database"))
                        .findings()
                        .get(0)
                        .id());
        assertThat(read(suite.formatted("s", "no memory")).findings().get(0).id())
                .startsWith("s#")
                .isNotEqualTo(first);
        assertThat(read(suite.formatted("", "no memory")).findings().get(0).id())
                .startsWith("tests#");
    }

    @Test
    void failures_that_are_counted_and_not_listed_are_told_once() throws Exception {
        Reading reading = read(
                "<testsuites failures='3'><testsuite name='a' failures='2'><testcase name='b'><failure/></testcase></testsuite>"
                        + "<testsuite name='c' failures='1'><testcase name='d'><failure/></testcase></testsuite></testsuites>");
        assertThat(reading.summary()).containsEntry("suiteErrors", 1L).containsEntry("failures", 2L);
        assertThat(reading.findings()).anyMatch(finding -> finding.title().contains("says that 2 failed, and lists 1"));
    }

    @Test
    void a_warning_of_phpunit_that_stands_for_a_test_is_no_passed_test() throws Exception {
        assertThat(
                        summary(
                                """
                        <testsuite name='s' warnings='2'>
                        <testcase name='Warning' class='PHPUnit\\Framework\\WarningTestCase'><warning>No tests found in class "Empty".</warning></testcase>
                        <testcase name='testA' class='ATest'><warning>assertFileNotExists() is deprecated</warning></testcase>
                        </testsuite>"""))
                .containsEntry("passed", 1L)
                .containsEntry("skipped", 1L)
                .containsEntry("warnings", 2L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"crashed", "killed", "undefined", "Timed Out", "xpassed"})
    void a_case_that_ended_badly_by_its_attribute_alone_has_not_passed(String status) throws Exception {
        assertThat(summary("<testsuite name='s'><testcase name='b' status='" + status + "'/></testsuite>"))
                .containsEntry("passed", 0L);
    }

    @Test
    void two_failed_cases_of_one_name_are_two_findings() throws Exception {
        assertThat(read("<testsuite name='s'><testcase classname='C' name='t'><failure/></testcase>"
                                + "<testcase classname='C' name='t'><failure/></testcase></testsuite>")
                        .findings())
                .extracting(Finding::id)
                .hasSize(2)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("C#t~[0-9a-f]{12}~[12]of2"));
    }
}
