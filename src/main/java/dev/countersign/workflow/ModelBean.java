package dev.countersign.workflow;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A bean whose public methods models may call in expressions, for example the collection of a multi-instance task:
 * {@code ${required.seats(execution.processBusinessKey)}}. Such a method only reads. Every other bean is closed to expressions:
 * a deployment that names one is refused.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface ModelBean {}
