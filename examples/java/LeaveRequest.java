// java -cp out LeaveRequest leave-2026-118 1000002 lisi zhangsan 2
import java.util.List;
import java.util.Map;

public final class LeaveRequest {
    public static void main(String[] args) throws Exception {
        var wisp = Wisp.fromEnvironment();
        String todoNo = args[0], agentId = args[1], applicant = args[2], approver = args[3], days = args[4];
        var name = wisp.get("/api/user/get", Map.of("userId", applicant)).get("userName");
        var title = name + " 申请请假 " + days + " 天";

        // 再次运行时，同一个 todoNo 是同一条待办，同一个 requestId 是同一张卡片。
        // Run again, the same todoNo is the same to-do, and the same requestId the same card.
        var todo = Map.of(
                "todoNo", todoNo,
                "userId", approver,
                "agentId", agentId,
                "title", title,
                "url", "https://oa.example.com/leaves/" + todoNo,
                "sender", name,
                "process", "请假");
        var put = first(wisp.post("/api/todo/put", Map.of("list", List.of(todo))));
        // 每条待办各有结果。Each to-do has a result of its own.
        if (put.get("result").equals("refused"))
            throw new IllegalStateException(put.get("code") + " " + put.get("reason"));

        var card = Map.of(
                "card_type", "button_interaction",
                "main_title", Map.of("title", title, "desc", todoNo),
                "button_list", List.of(
                        Map.of("text", "同意", "style", 1, "key", "agree"),
                        Map.of("text", "驳回", "style", 2, "key", "reject")));
        var sent = wisp.post("/api/message/send", Map.of(
                "toUser", List.of(approver),
                "sendType", "0",
                "msgType", "04",
                "agentId", agentId,
                "agentName", "请假",
                "card", card,
                "firstPressWins", true,
                "onPress", Map.of("replaceName", "已处理"),
                "requestId", todoNo));
        // 卡片没有送到的人在 invaliduser 里。Whom the card did not reach is in invaliduser.
        if (!sent.get("invaliduser").equals(""))
            throw new IllegalStateException("卡片没有送到 / the card reached nobody");

        var msgId = sent.get("msgId");
        var key = pressed(wisp, msgId, args.length > 5 ? Long.parseLong(args[5]) : 600);
        var result = key.equals("agree") ? "已同意" : "已驳回";
        wisp.post("/api/todo/finish", Map.of("agentId", agentId, "todoNo", todoNo, "userId", approver));
        wisp.post("/api/message/send", Map.of(
                "toUser", List.of(applicant),
                "sendType", "0",
                "msgType", "03",
                "agentId", agentId,
                "agentName", "请假",
                "content", todoNo + " 请假 " + days + " 天：" + result,
                "requestId", todoNo + "-result"));
        wisp.post("/api/message/card/update", Map.of("msgId", msgId, "replaceName", result));
        System.out.println(todoNo + " " + result);

        // 同意后提交企业微信审批，字段名是模板的。
        // Once agreed, an approval of WeCom is submitted: the fields are those of its template.
        if (args.length > 6 && result.equals("已同意")) {
            var approval = wisp.post("/api/approval/apply", Map.of(
                    "templateId", args[6],
                    "userId", applicant,
                    "fields", Map.of("请假事由", title),
                    "requestId", todoNo + "-approval"));
            System.out.println(approval.get("spNo") + " " + approval.get("status"));
        }
    }

    /**
     * 一直运行的服务订阅 message.card.pressed，不必查询。
     * A service that keeps running subscribes to message.card.pressed instead.
     */
    private static Object pressed(Wisp wisp, Object msgId, long seconds) throws Exception {
        for (var until = System.nanoTime() + seconds * 1_000_000_000; ; Thread.sleep(1000)) {
            var answer = first(wisp.get("/api/message/card", Map.of("msgId", msgId)));
            if (answer != null) return answer.get("key");
            if (System.nanoTime() - until >= 0)
                throw new IllegalStateException("没有人处理，稍后用同样的参数再运行 / nobody answered: run it again later");
        }
    }

    private static Map<?, ?> first(Map<String, Object> body) {
        var list = (List<?>) body.get("list");
        return list.isEmpty() ? null : (Map<?, ?>) list.get(0);
    }
}
