/** Sign-off of security, and of privacy and legal where personal data is touched. */
package dev.countersign.gate.signoff;
