package dev.bastion.audit.mask;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The shapes of secrets that are known without an administrator's help. Each expression's group is
 * the secret; quantifiers are possessive or bounded, so that none goes back far.
 */
final class KnownShapes {

    /**
     * A rule and what a text must have for it to find anything.
     *
     * @param hints in lower case; one of them stands in the text, whatever its case
     */
    record Shape(MaskRule rule, List<String> hints) {

        Shape {
            hints = List.copyOf(hints);
        }

        boolean mayBeIn(String lowerCase) {
            for (String hint : hints) {
                if (lowerCase.contains(hint)) {
                    return true;
                }
            }
            return hints.isEmpty();
        }
    }

    /** A shell's word, quoted or not, that is no option, no operator and no variable. */
    private static final String WORD = "(\"[^\"]++\"|'[^']++'|[^\\s\"'$|;&<>()-][^\\s|;&<>]*+)";

    /** No {@code --bypass}, and no folder behind {@code --pwd}. */
    private static final String SECRET_NAME =
            "(?:password|passwd|passphrase|(?<![a-z])pass|(?<![a-z])pwd(?=[=\\s]++[^\\s/.~])"
                    + "|secret|token|api[-_]?key|access[-_]?key|private[-_]?key)";

    /** No {@code BYPASS}, {@code PASSENGERS}, {@code PWD} or {@code OLDPWD}. */
    private static final String SECRET_VARIABLE =
            "(?:password|passwd|passphrase|_pass|(?:(?<![a-z])|(?<=db))pass(?=\\d{0,2}=)"
                    + "|(?<=[a-z0-9_])(?<!old)pwd|secret|token|api_?key|access_?key|private_?key"
                    + "|credentials?)";

    private static final String MYSQL =
            "(?:mysql|mysqldump|mysqladmin|mysqlimport|mysqlshow|mariadb|mariadb-dump|mariadb-admin"
                    + "|mycli|7z|7za)";

    /** In the order in which they are applied. */
    static final List<Shape> SHAPES =
            List.of(
                    shape(
                            "private-key",
                            List.of("private key"),
                            "(-----BEGIN [A-Z ]{0,40}?PRIVATE KEY(?: BLOCK)?+-----\\s*+"
                                    + "(?:(?:Proc-Type|DEK-Info|Version|Comment): [\\w .,-]{1,80}+\\s*+){0,2}"
                                    + "[A-Za-z0-9+/=\\s\\\\]*+(?:-----END [A-Z ]{0,40}+-----)?+)"),
                    shape(
                            "option",
                            List.of("pass", "pwd", "secret", "token", "key"),
                            "(?i)(?<![\\w-])--?[a-z0-9-]{0,40}?"
                                    + SECRET_NAME
                                    + "(?:=|\\s++)"
                                    + WORD),
                    shape(
                            "short-option",
                            List.of("mysql", "mariadb", "mycli", "7z"),
                            "(?<![\\w-])" + MYSQL + "\\b[^|;&\\n]{0,200}?\\s-p" + WORD),
                    shape(
                            "sshpass",
                            List.of("sshpass"),
                            "(?<![\\w-])sshpass\\b[^|;&\\n]{0,200}?\\s-p\\s*+" + WORD),
                    shape(
                            "login",
                            List.of("docker", "podman", "helm", "redis-cli", "ldap"),
                            "(?<![\\w-])(?:docker|podman|helm|redis-cli|ldapsearch|ldapmodify)\\b"
                                    + "[^|;&\\n]{0,200}?\\s-[paw]\\s++"
                                    + WORD),
                    shape(
                            "user-password",
                            List.of("curl", "wget"),
                            "(?<![\\w-])(?:curl|wget)\\b[^|;&\\n]{0,200}?\\s(?:-u|--user|--proxy-user)"
                                    + "[=\\s]*+[\"']?[^\\s:\"']{1,200}+:([^\\s\"']++)"),
                    shape(
                            "piped",
                            List.of("sudo", "passwd", "docker", "cryptsetup", "| su", "|su"),
                            "(?<![\\w-])(?:echo|printf)\\s++(?:-\\w{1,4}\\s++)?"
                                    + WORD
                                    + "\\s*+\\|\\s*+(?:sudo\\s++(?:\\S{1,50}\\s++){0,5}?(?:-S|chpasswd)"
                                    + "|chpasswd|passwd\\b|su\\b|docker\\s++login|cryptsetup)"),
                    shape("pass-argument", List.of("pass:"), "(?<![\\w-])pass:([^\\s\"']++)"),
                    shape(
                            "assignment",
                            List.of("pass", "pwd", "secret", "token", "key", "credential"),
                            "(?i)(?<![a-z0-9_-])[a-z0-9_]{0,60}?"
                                    + SECRET_VARIABLE
                                    + "[a-z0-9_]{0,60}+="
                                    + WORD),
                    shape(
                            "json",
                            List.of("pass", "secret", "token", "key"),
                            "(?i)\"[a-z0-9_.-]{0,60}?(?:password|passwd|secret|token|api_?key|private_?key)"
                                    + "[a-z0-9_.-]{0,60}+\"\\s*+:\\s*+\"([^\"]++)\""),
                    shape(
                            "url",
                            List.of("://"),
                            "(?i)\\b[a-z][a-z0-9+.-]{1,20}+://[^\\s/:@'\"]{0,200}+:([^\\s/@'\"]++)@"),
                    shape(
                            "header",
                            List.of("authorization", "x-"),
                            "(?i)(?<![\\w-])(?:authorization|proxy-authorization|x-[a-z-]{0,40}(?:token|key|secret))"
                                    + "\\s*+:\\s*+(?:bearer\\s++|basic\\s++|token\\s++)?+([^\\s'\"]++)"),
                    shape(
                            "bearer",
                            List.of("bearer"),
                            "(?i)(?<![\\w-])bearer\\s++([a-z0-9._~+/=-]{8,}+)"),
                    shape(
                            "aws-configure",
                            List.of("aws_"),
                            "(?i)aws_(?:secret_access_key|session_token)[\\s=:]++([a-z0-9/+=]{16,}+)"),
                    shape(
                            "token",
                            List.of(
                                    "akia",
                                    "asia",
                                    "ghp_",
                                    "gho_",
                                    "ghu_",
                                    "ghs_",
                                    "ghr_",
                                    "github_pat_",
                                    "xox",
                                    "glpat-",
                                    "npm_",
                                    "sk-",
                                    "aiza",
                                    "hvs.",
                                    "hvb.",
                                    "eyj"),
                            "(?<![\\w-])((?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Z])"
                                    + "|gh[pousr]_[A-Za-z0-9]{20,}+|github_pat_\\w{22,}+"
                                    + "|xox[abeoprs]-[A-Za-z0-9-]{10,}+|glpat-[\\w-]{20,}+|npm_[A-Za-z0-9]{30,}+"
                                    + "|sk-[\\w-]{20,}+|AIza[\\w-]{35}|hv[sb]\\.[\\w-]{20,}+"
                                    + "|eyJ[\\w-]{8,}+\\.[\\w-]{4,}+(?:\\.[\\w-]*+)?+)"));

    private KnownShapes() {}

    private static Shape shape(String name, List<String> hints, String expression) {
        return new Shape(new MaskRule(name, Pattern.compile(expression)), hints);
    }
}
