// java -cp out Notify zhangsan 张三 2850
import java.util.Map;
import java.util.UUID;

public final class Notify {
    public static void main(String[] args) throws Exception {
        var wisp = Wisp.fromEnvironment();
        // 内容相同时不产生新版本，可以每次都写。Makes no new version when the content is the same.
        wisp.post("/api/message/type/put", Map.of(
                "key", "meal-paid", "name", "餐费", "text", "{{ name }}，{{ fen | money }} 已到账。"));
        // 与业务数据一起保存：网络中断后用同一个 requestId 重发，不会发两次。
        // Store it with your data: sent again under the same requestId after a lost connection, it arrives once.
        var requestId = UUID.randomUUID().toString();
        var sent = wisp.post("/api/message/notify", Map.of(
                "type", "meal-paid",
                "toUser", args[0],
                "data", Map.of("name", args[1], "fen", Integer.valueOf(args[2])),
                "requestId", requestId));
        System.out.println(sent.get("msgId") + " " + sent.get("state") + " " + sent.get("accepted"));
    }
}
