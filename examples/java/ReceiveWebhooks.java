// WEBHOOK_SECRET=whsec_… java -cp out ReceiveWebhooks 8000
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class ReceiveWebhooks {
    /** Standard Webhooks：https://www.standardwebhooks.com */
    private static boolean isGenuine(byte[] key, Headers headers, byte[] body) throws Exception {
        var id = headers.getFirst("webhook-id");
        var timestamp = headers.getFirst("webhook-timestamp");
        var signatures = headers.getFirst("webhook-signature");
        if (id == null || signatures == null || timestamp == null || !timestamp.matches("\\d{1,12}")) return false;
        if (Math.abs(System.currentTimeMillis() / 1000 - Long.parseLong(timestamp)) > 300) return false;
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
        var wanted = ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body))).getBytes(StandardCharsets.UTF_8);
        // 更换密钥期间有两个签名。There are two signatures while the secret is being replaced.
        var genuine = false;
        for (var given : signatures.split(" "))
            genuine |= MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), wanted);
        return genuine;
    }

    public static void main(String[] args) throws Exception {
        var key = Base64.getDecoder().decode(System.getenv("WEBHOOK_SECRET").replaceFirst("^whsec_", ""));
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 0);
        server.createContext("/", exchange -> {
            var status = 401;
            try (exchange) {
                var body = exchange.getRequestBody().readAllBytes();
                if (isGenuine(key, exchange.getRequestHeaders(), body)) {
                    // 先存下再应答；同一个 webhook-id 可能来两次。
                    // Store it, then answer; the same webhook-id may come twice.
                    var event = (Map<?, ?>) Json.read(new String(body, StandardCharsets.UTF_8));
                    System.out.println(exchange.getRequestHeaders().getFirst("webhook-id") + " " + event.get("type"));
                    status = 204;
                }
                exchange.sendResponseHeaders(status, -1);
            } catch (Exception error) {
                error.printStackTrace();
            }
        });
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }
}
