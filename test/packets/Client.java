import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Calls wisp by encrypted packets; written from web/docs/content/en/build/packet-format.md alone, with the JDK alone.
 * Usage: java Client.java URL DEVTOKEN DEVICEID SUITE PATH PLAIN. Prints the opened answer; ends with 1 and a reason
 * on standard error for an answer that cannot be trusted.
 */
public class Client {
  static final SecureRandom random = new SecureRandom();
  static final HttpClient http = HttpClient.newHttpClient();
  static String url, token, suite;

  public static void main(String[] args) throws Exception {
    System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    url = args[0];
    token = args[1];
    String deviceId = args[2];
    suite = args[3];
    String path = args[4];
    byte[] plain = args[5].getBytes(StandardCharsets.UTF_8);
    boolean isGcm = suite.equals("gcm");
    String hmac = isGcm ? "HmacSHA256" : "HmacMD5";

    // 1. The master key.
    KeyPair pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
    byte[] own = littleEndian(((XECPublicKey) pair.getPublic()).getU());
    String registered =
        body(post("/api/security/device", json("deviceId", deviceId, "publicKey", base64(own)), Map.of()));
    byte[] wisp = Base64.getDecoder().decode(member(registered, "publicKey"));
    KeyAgreement agreement = KeyAgreement.getInstance("X25519");
    agreement.init(pair.getPrivate());
    XECPublicKeySpec spec = new XECPublicKeySpec(NamedParameterSpec.X25519, bigInteger(wisp));
    agreement.doPhase(KeyFactory.getInstance("X25519").generatePublic(spec), true);
    byte[] info = join(utf8("wisp master"), own, wisp, utf8(deviceId));
    byte[] master = hkdf(agreement.generateSecret(), new byte[32], info, 32);

    // 2. The session's keys.
    String timestamp = now();
    String nonce = hex(bytes(16));
    String proof = hex(mac("HmacSHA256", master, suite + "\n" + deviceId + "\n" + timestamp + "\n" + nonce));
    String wish =
        json("deviceId", deviceId, "suite", suite, "timestamp", timestamp, "nonce", nonce, "proof", proof);
    String session = member(body(post("/api/security/session", wish, Map.of())), "sessionId");
    byte[] salt = HexFormat.of().parseHex(nonce);
    byte[] signingKey = hkdf(master, salt, utf8("wisp sign" + session), 32);
    byte[] dataKey = hkdf(master, salt, utf8("wisp data" + session), isGcm ? 32 : 16);

    // 3. The packet.
    timestamp = now();
    nonce = hex(bytes(16));
    String head = "POST\n" + path + "\n" + timestamp + "\n" + nonce;
    byte[] iv = bytes(isGcm ? 12 : 16);
    String cipher = base64(join(iv, aes(Cipher.ENCRYPT_MODE, dataKey, iv, head).doFinal(plain)));
    Map<String, String> headers =
        Map.of(
            "x-wisp-session", session,
            "x-wisp-timestamp", timestamp,
            "x-wisp-nonce", nonce,
            "x-wisp-signature", hex(mac(hmac, signingKey, head + "\n" + cipher)));
    HttpResponse<String> answer = post(path, json("cipher", cipher), headers);

    // 4. The answer.
    if (!answer.body().startsWith("{\"cipher\"")) {
      if (member(answer.body(), "retCode").equals("0")) fail("a success in the clear");
      fail(member(answer.body(), "retCode") + " " + member(answer.body(), "retMessage"));
    }
    String answered = member(answer.body(), "cipher");
    head = "ANSWER\n" + path + "\n" + header(answer, "x-wisp-timestamp") + "\n" + nonce;
    String good = hex(mac(hmac, signingKey, head + "\n" + answered));
    if (!header(answer, "x-wisp-nonce").equals(nonce)
        || !MessageDigest.isEqual(utf8(good), utf8(header(answer, "x-wisp-signature")))) fail("a wrong signature");
    byte[] raw = Base64.getDecoder().decode(answered);
    iv = Arrays.copyOf(raw, iv.length);
    byte[] opened =
        aes(Cipher.DECRYPT_MODE, dataKey, iv, head).doFinal(Arrays.copyOfRange(raw, iv.length, raw.length));
    System.out.println(new String(opened, StandardCharsets.UTF_8));
  }

  static Cipher aes(int mode, byte[] key, byte[] iv, String head) throws Exception {
    SecretKeySpec secret = new SecretKeySpec(key, "AES");
    if (suite.equals("md5")) {
      Cipher cbc = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cbc.init(mode, secret, new IvParameterSpec(iv));
      return cbc;
    }
    Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
    gcm.init(mode, secret, new GCMParameterSpec(128, iv));
    gcm.updateAAD(utf8(head));
    return gcm;
  }

  static byte[] hkdf(byte[] key, byte[] salt, byte[] info, int length) throws Exception {
    byte[] pseudorandom = mac("HmacSHA256", salt, key);
    return Arrays.copyOf(mac("HmacSHA256", pseudorandom, join(info, new byte[] {1})), length);
  }

  static byte[] mac(String name, byte[] key, byte[] data) throws Exception {
    Mac mac = Mac.getInstance(name);
    mac.init(new SecretKeySpec(key, name));
    return mac.doFinal(data);
  }

  static byte[] mac(String name, byte[] key, String text) throws Exception {
    return mac(name, key, utf8(text));
  }

  static byte[] littleEndian(BigInteger u) {
    byte[] big = u.toByteArray();
    byte[] little = new byte[32];
    for (int i = 0; i < Math.min(32, big.length); i++) little[i] = big[big.length - 1 - i];
    return little;
  }

  static BigInteger bigInteger(byte[] little) {
    byte[] big = new byte[32];
    for (int i = 0; i < 32; i++) big[i] = little[31 - i];
    big[0] &= 0x7f;
    return new BigInteger(1, big);
  }

  static HttpResponse<String> post(String path, String body, Map<String, String> headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path + "?devToken=" + token))
            .version(HttpClient.Version.HTTP_1_1)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  static String body(HttpResponse<String> answer) {
    if (!member(answer.body(), "retCode").equals("0"))
      fail(member(answer.body(), "retCode") + " " + member(answer.body(), "retMessage"));
    return answer.body();
  }

  static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  /** These calls answer flat texts without quotes in them. */
  static String member(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
    return found.find() ? found.group(1) : "";
  }

  static String json(String... pairs) {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < pairs.length; i += 2)
      text.append(i > 0 ? "," : "").append('"' + pairs[i] + "\":\"" + pairs[i + 1] + '"');
    return text + "}";
  }

  static void fail(String reason) {
    System.err.println(reason);
    System.exit(1);
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) joined.writeBytes(part);
    return joined.toByteArray();
  }

  static byte[] bytes(int count) {
    byte[] made = new byte[count];
    random.nextBytes(made);
    return made;
  }

  static String now() {
    return String.valueOf(System.currentTimeMillis() / 1000);
  }

  static String hex(byte[] raw) {
    return HexFormat.of().formatHex(raw);
  }

  static String base64(byte[] raw) {
    return Base64.getEncoder().encodeToString(raw);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
