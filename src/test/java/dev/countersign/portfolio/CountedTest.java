package dev.countersign.portfolio;

import dev.countersign.DatabaseTest;
import dev.countersign.Statements;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The platform on a database whose statements are counted; shared by the tests that carry this. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@DatabaseTest
@Import(CountedTest.Counted.class)
@interface CountedTest {
    /** Around the database of the platform. */
    @TestConfiguration(proxyBeanMethods = false)
    class Counted {
        @Bean
        static Statements statements() {
            return new Statements();
        }

        @Bean
        static BeanPostProcessor countStatements(Statements statements) {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof DataSource source ? statements.around(source) : bean;
                }
            };
        }
    }
}
