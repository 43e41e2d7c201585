package dev.countersign.rollout;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/** The targets of a platform with one deployer, or none, and one router. */
public final class OneTarget {
    private OneTarget() {}

    public static Targets of(Deployer deployer, TrafficRouter router) {
        var beans = new DefaultListableBeanFactory();
        if (deployer != null) {
            beans.registerSingleton("deployer", deployer);
        }
        beans.registerSingleton("router", router);
        return new Targets(beans.getBeanProvider(Deployer.class), beans.getBeanProvider(TrafficRouter.class));
    }
}
