package dev.countersign.evidence;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** @param limit the largest document taken, inflated; larger ones are refused with 413 */
@ConfigurationProperties("countersign.evidence")
record EvidenceProperties(@DefaultValue("50MB") DataSize limit) {}
