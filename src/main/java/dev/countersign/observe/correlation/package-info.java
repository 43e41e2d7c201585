/**
 * Whose doing an anomaly is: the calls between services, the onset of each anomaly, and the release named as root or ruled out. A library: no Spring, no database, no clock. The
 * method and what it was measured to do stand in {@code docs/correlation.md}.
 */
@NamedInterface("correlation")
package dev.countersign.observe.correlation;

import org.springframework.modulith.NamedInterface;
