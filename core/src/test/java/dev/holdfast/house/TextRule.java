package dev.holdfast.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A rule that looks at one line of one text file at a time. */
interface TextRule extends Rule {
    /** The files it is about. */
    boolean concerns(TextFile file);

    /** What is wrong with a line, if anything is. */
    Optional<String> fault(String line);

    @Override
    default List<Finding> findings(Checkout checkout) {
        List<Finding> findings = new ArrayList<>();
        checkout.texts().filter(this::concerns).forEach(file -> {
            int number = 0;
            for (String line : file.lines()) {
                number++;
                Optional<String> fault = fault(line);
                if (fault.isPresent()) {
                    findings.add(new Finding(file.path(), number, fault.get()));
                }
            }
        });
        return findings;
    }
}
