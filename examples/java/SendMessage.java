// java -cp out SendMessage 审批 zhangsan '您有一条待办'
import java.util.List;
import java.util.Map;
import java.util.UUID;

public final class SendMessage {
    public static void main(String[] args) throws Exception {
        var wisp = Wisp.fromEnvironment();
        // 与业务数据一起保存：网络中断后用同一个 requestId 重发，不会发两次。
        // Store it with your data: sent again under the same requestId after a lost connection, it arrives once.
        var requestId = UUID.randomUUID().toString();
        var sent = wisp.post("/api/message/send", Map.of(
                "toUser", List.of(args[1]),
                "sendType", "0",
                "msgType", "03",
                "agentName", args[0],
                "content", args[2],
                "requestId", requestId));
        var status = wisp.get("/api/message/status", Map.of("msgId", sent.get("msgId")));
        var receivers = (Map<?, ?>) status.get("receivers");
        System.out.println(status.get("msgId") + " " + status.get("status") + " "
                + receivers.get("sent") + "/" + receivers.get("total"));
    }
}
