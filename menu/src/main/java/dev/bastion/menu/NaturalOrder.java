package dev.bastion.menu;

import java.util.Comparator;

/** Orders names as people count: web2 before web10. Stateless. */
final class NaturalOrder implements Comparator<String> {

    static final NaturalOrder INSTANCE = new NaturalOrder();

    private NaturalOrder() {}

    @Override
    public int compare(String left, String right) {
        int l = 0;
        int r = 0;
        while (l < left.length() && r < right.length()) {
            char leftChar = left.charAt(l);
            char rightChar = right.charAt(r);
            int order;
            if (isDigit(leftChar) && isDigit(rightChar)) {
                int leftEnd = digits(left, l);
                int rightEnd = digits(right, r);
                order = number(left, l, leftEnd, right, r, rightEnd);
                l = leftEnd;
                r = rightEnd;
            } else {
                order = Character.compare(leftChar, rightChar);
                l++;
                r++;
            }
            if (order != 0) {
                return order;
            }
        }
        int rest = Integer.compare(left.length() - l, right.length() - r);
        return rest != 0 ? rest : left.compareTo(right);
    }

    private static int number(String left, int l, int leftEnd, String right, int r, int rightEnd) {
        int from = zeros(left, l, leftEnd);
        int other = zeros(right, r, rightEnd);
        int order = Integer.compare(leftEnd - from, rightEnd - other);
        for (int i = 0; order == 0 && from + i < leftEnd; i++) {
            order = Character.compare(left.charAt(from + i), right.charAt(other + i));
        }
        return order;
    }

    private static int zeros(String text, int from, int end) {
        int at = from;
        while (at < end && text.charAt(at) == '0') {
            at++;
        }
        return at;
    }

    private static int digits(String text, int from) {
        int end = from;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
