package dev.holdfast.house;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A rule that looks at one Java file at a time. */
interface JavaRule extends Rule {
    /** Reports every place of one file that breaks the rule. */
    void check(JavaSource source, Consumer<Finding> found);

    @Override
    default List<Finding> findings(Checkout checkout) {
        List<Finding> findings = new ArrayList<>();
        checkout.java().forEach(source -> check(source, findings::add));
        return findings;
    }
}
