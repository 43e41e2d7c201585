/** Delivery metrics over production deployments: figures with their numerator, denominator and interval, and the deployments behind them. */
package dev.countersign.learning.delivery;
