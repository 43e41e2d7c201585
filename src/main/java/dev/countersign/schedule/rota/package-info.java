/**
 * Who is on duty: rotas in iCalendar files, and those that PagerDuty keeps.
 */
package dev.countersign.schedule.rota;
