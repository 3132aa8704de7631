package dev.bastion.menu;

import java.util.List;

/**
 * What one row can be found by: folded fields, each with the weight of a match in it. Immutable.
 *
 * @param fields the heaviest first
 */
record SearchText(List<Field> fields) {

    /**
     * One folded text.
     *
     * @param percent what a match here is worth, of a match in the name
     */
    record Field(String folded, int percent) {}

    SearchText {
        fields = List.copyOf(fields);
    }

    /** The sum over all words of each one's best field; 0 when a word fits nowhere. */
    int score(List<String> words) {
        int sum = 0;
        for (String word : words) {
            int best = 0;
            for (Field field : fields) {
                if (best >= FuzzyMatcher.EXACT * field.percent() / 100) {
                    break;
                }
                int score = FuzzyMatcher.score(word, field.folded()) * field.percent() / 100;
                best = Math.max(best, score);
            }
            if (best == 0) {
                return 0;
            }
            sum += best;
        }
        return sum;
    }
}
