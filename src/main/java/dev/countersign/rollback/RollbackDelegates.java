package dev.countersign.rollback;

import dev.countersign.workflow.ReleaseStep;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The steps of the rollback and of its drill, by their ids in the models. */
@Configuration(proxyBeanMethods = false)
class RollbackDelegates {
    @Bean
    ReleaseStep startRollback(RollbackSteps steps) {
        return ReleaseStep.step((key, execution) -> steps.start(key));
    }

    @Bean
    ReleaseStep switchFlagOff(LadderSteps steps) {
        return ReleaseStep.remoteStep((key, execution) -> steps.flagOff(key, execution));
    }

    @Bean
    ReleaseStep redeployStable(LadderSteps steps) {
        return ReleaseStep.remoteStep((key, execution) -> steps.redeploy(key, execution));
    }

    @Bean
    ReleaseStep downgradeDatabase(LadderSteps steps) {
        return ReleaseStep.remoteStep((key, execution) -> steps.database(key, execution));
    }

    @Bean
    ReleaseStep moveTrafficBack(LadderSteps steps) {
        return ReleaseStep.remoteStep((key, execution) -> steps.trafficBack(key, execution));
    }

    @Bean
    ReleaseStep withdrawCandidate(LadderSteps steps) {
        return ReleaseStep.remoteStep((key, execution) -> steps.withdraw(key, execution));
    }

    @Bean
    ReleaseStep validateRollback(LadderSteps steps) {
        return ReleaseStep.remoteStep((key, execution) -> steps.validate(key, execution));
    }

    @Bean
    ReleaseStep pageOnCall(RollbackSteps steps) {
        return ReleaseStep.step((key, execution) -> steps.page(key));
    }

    @Bean
    ReleaseStep escalateBreach(RollbackSteps steps) {
        return ReleaseStep.step((key, execution) -> steps.breach(key));
    }

    @Bean
    ReleaseStep summonHands(RollbackSteps steps) {
        return ReleaseStep.step((key, execution) -> steps.summonHands(key));
    }

    @Bean
    ReleaseStep callForHands(RollbackSteps steps) {
        return ReleaseStep.step((key, execution) -> steps.callForHands(key));
    }

    @Bean
    ReleaseStep climbAgain(RollbackSteps steps) {
        return ReleaseStep.step((key, execution) -> steps.climbAgain(key));
    }

    @Bean
    ReleaseStep endByHand(HandsEnd hands) {
        return ReleaseStep.remoteStep((key, execution) -> hands.end(key));
    }

    @Bean
    ReleaseStep finishRollback(RollbackSteps steps) {
        return ReleaseStep.step((key, execution) -> steps.finish(key));
    }

    @Bean
    ReleaseStep openIncident(RollbackSteps steps) {
        return ReleaseStep.step((key, execution) -> steps.openIncident(key));
    }

    @Bean
    ReleaseStep stageCandidate(DrillSteps steps) {
        return ReleaseStep.remoteStep((key, execution) -> steps.stage(key, execution));
    }

    @Bean
    ReleaseStep exposeStaged(DrillSteps steps) {
        return ReleaseStep.remoteStep((key, execution) -> steps.expose(key, execution));
    }

    @Bean
    ReleaseStep recordDrill(DrillSteps steps) {
        return ReleaseStep.step((key, execution) -> steps.succeed(key, execution));
    }

    @Bean
    ReleaseStep failDrill(DrillSteps steps) {
        return ReleaseStep.step((key, execution) -> steps.fail(key, execution));
    }

    @Bean
    ReleaseStep abandonDrill(DrillSteps steps) {
        return ReleaseStep.step((key, execution) -> steps.abandon(key, execution));
    }
}
