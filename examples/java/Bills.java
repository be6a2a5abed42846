// java -cp out Bills 2026-11-0001 zhangsan 11月餐费 12850
import java.util.List;
import java.util.Map;

public final class Bills {
    private static final int PAGE_SIZE = 100;

    public static void main(String[] args) throws Exception {
        var wisp = Wisp.fromEnvironment();
        // 同一个 billNo 再次创建，返回原来的账单。Created again, the same billNo answers the bill that is there.
        var created = wisp.post("/api/pay/bill/create", Map.of(
                "billNo", args[0], "userId", args[1], "title", args[2], "amount", Long.parseLong(args[3])));
        System.out.println("billId " + created.get("billId"));
        var more = true;
        for (var pageNo = 1; more; pageNo++) {
            var page = wisp.get("/api/pay/bill/list", Map.of(
                    "userId", args[1], "state", "open", "pageNo", pageNo, "pageSize", PAGE_SIZE));
            var list = (List<?>) page.get("list");
            for (var one : list) {
                var bill = (Map<?, ?>) one;
                System.out.printf("%s %s %.2f %s%n",
                        bill.get("billNo"), bill.get("title"), (long) bill.get("amount") / 100.0, bill.get("state"));
            }
            more = list.size() == PAGE_SIZE;
        }
    }
}
