package dev.holdfast.house;

import java.util.List;

/** Something that is true everywhere in the checkout. */
interface Rule {
    /** Every place that breaks the rule; empty when it holds. */
    List<Finding> findings(Checkout checkout);
}
