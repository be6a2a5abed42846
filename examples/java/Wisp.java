import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** 调用 wisp 的接口，只用 JDK。Calls wisp's API, with the JDK alone. */
public final class Wisp {
    /** retCode 不为 0 的回答。An answer whose retCode is not 0. */
    public static final class Refused extends IOException {
        public final String code;
        public final String requestId;

        Refused(String code, String message, String requestId) {
            super(code + " " + message + " (" + requestId + ")");
            this.code = code;
            this.requestId = requestId;
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final Map<String, Object> account;
    private String token;

    public Wisp(String url, String devId, String devSecret) {
        this.url = url;
        this.account = Map.of("devId", devId, "devSecret", devSecret);
    }

    public static Wisp fromEnvironment() {
        return new Wisp(System.getenv("WISP_URL"), System.getenv("DEV_ID"), System.getenv("DEV_SECRET"));
    }

    /** body 是对象时用；可能为 null。For a body that is an object; it may be null. */
    public Map<String, Object> get(String path, Map<String, ?> query) throws IOException, InterruptedException {
        var pairs = query.entrySet().stream().map(one -> one.getKey() + "=" + encode(one.getValue()));
        return call(path + "?" + pairs.collect(Collectors.joining("&")), null);
    }

    public Map<String, Object> post(String path, Map<String, ?> body) throws IOException, InterruptedException {
        return call(path, body);
    }

    private static String encode(Object value) {
        return URLEncoder.encode(String.valueOf(value), StandardCharsets.UTF_8);
    }

    private Map<String, Object> call(String path, Map<String, ?> body) throws IOException, InterruptedException {
        var used = tokenAfter(null);
        try {
            return send(path, body, used);
        } catch (Refused refused) {
            // devToken 已失效，换一次新的。The devToken is dead: take a new one, once.
            if (!refused.code.equals("1004")) throw refused;
        }
        return send(path, body, tokenAfter(used));
    }

    /** 所有线程共用一个 devToken。All threads share one devToken. */
    private synchronized String tokenAfter(String dead) throws IOException, InterruptedException {
        if (token == null || token.equals(dead))
            token = (String) send("/api/token/getDevToken", account, null).get("devToken");
        return token;
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> send(String path, Map<String, ?> body, String token)
            throws IOException, InterruptedException {
        for (var waitsLeft = 3; ; waitsLeft--) {
            var answer = request(path, body, token);
            var envelope = (Map<String, Object>) Json.read(answer.body());
            var code = (String) envelope.get("retCode");
            if (code.equals("0")) return (Map<String, Object>) envelope.get("body");
            // 1010：什么都没有执行，等到 Retry-After 再来。Nothing was done: come back after Retry-After.
            var seconds = answer.headers().firstValueAsLong("retry-after").orElse(60);
            if (!code.equals("1010") || waitsLeft == 0 || seconds > 60) {
                var requestId = answer.headers().firstValue("x-request-id").orElse("");
                throw new Refused(code, (String) envelope.get("retMessage"), requestId);
            }
            Thread.sleep(seconds * 1000);
        }
    }

    private HttpResponse<String> request(String path, Map<String, ?> body, String token)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(30));
        if (token != null) request.header("Authorization", "Bearer " + token);
        if (body != null)
            request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(Json.write(body)));
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
