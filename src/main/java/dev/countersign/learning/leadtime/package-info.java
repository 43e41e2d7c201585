/** Where the lead time of a change goes: writing, waiting for a review, the review, waiting for the deployment. */
package dev.countersign.learning.leadtime;
