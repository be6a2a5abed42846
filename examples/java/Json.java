import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JDK 自带的库里没有 JSON；项目里有 Jackson 或 Gson 时用它们代替。
 * The JDK has no JSON: use Jackson or Gson instead where your project has them.
 * Map, List, String, Long, Double, Boolean, null.
 */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static Object read(String text) {
        var json = new Json(text);
        var value = json.value();
        if (json.peek() != 0) throw json.wrong();
        return value;
    }

    static String write(Object value) {
        var out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private Object value() {
        return switch (peek()) {
            case '{' -> object();
            case '[' -> list();
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, Object> object() {
        var object = new LinkedHashMap<String, Object>();
        for (at++; !ends('}', object.isEmpty()); ) {
            if (peek() != '"') throw wrong();
            var name = string();
            if (peek() != ':') throw wrong();
            at++;
            object.put(name, value());
        }
        return object;
    }

    private List<Object> list() {
        var list = new ArrayList<>();
        for (at++; !ends(']', list.isEmpty()); ) list.add(value());
        return list;
    }

    /** 是否到了末尾；否则跳过逗号。Whether this is the end; passes the comma otherwise. */
    private boolean ends(char end, boolean isFirst) {
        var next = peek();
        if (next != end && isFirst) return false;
        if (next != end && next != ',') throw wrong();
        at++;
        return next == end;
    }

    private String string() {
        var out = new StringBuilder();
        for (at++; ; at++) {
            if (at == text.length()) throw wrong();
            var next = text.charAt(at);
            if (next == '"') break;
            if (next == '\\') next = escaped(text.charAt(++at));
            out.append(next);
        }
        at++;
        return out.toString();
    }

    private char escaped(char letter) {
        if (letter == 'u') {
            at += 4;
            return (char) Integer.parseInt(text, at - 3, at + 1, 16);
        }
        var index = "bfnrt".indexOf(letter);
        return index < 0 ? letter : "\b\f\n\r\t".charAt(index);
    }

    private Object word() {
        var from = at;
        while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) at++;
        var word = text.substring(from, at);
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            case "null" -> null;
            default -> word.matches("-?\\d+") ? (Object) Long.valueOf(word) : (Object) Double.valueOf(word);
        };
    }

    private char peek() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
        return at < text.length() ? text.charAt(at) : 0;
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("not JSON, at " + at);
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof Map<?, ?> map) {
            var separator = "{";
            for (var entry : map.entrySet()) {
                out.append(separator);
                write(entry.getKey(), out);
                out.append(':');
                write(entry.getValue(), out);
                separator = ",";
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            out.append('[');
            for (Iterator<?> each = list.iterator(); each.hasNext(); ) {
                write(each.next(), out);
                if (each.hasNext()) out.append(',');
            }
            out.append(']');
        } else if (value instanceof String string) {
            out.append('"');
            for (var letter : string.toCharArray()) {
                if (letter == '"' || letter == '\\') out.append('\\').append(letter);
                else if (letter < ' ') out.append(String.format("\\u%04x", (int) letter));
                else out.append(letter);
            }
            out.append('"');
        } else {
            out.append(value);
        }
    }
}
