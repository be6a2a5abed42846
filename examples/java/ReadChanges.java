// java -cp out ReadChanges 0
import java.util.List;
import java.util.Map;

public final class ReadChanges {
    public static void main(String[] args) throws Exception {
        var wisp = Wisp.fromEnvironment();
        Object since = args[0];
        for (var more = true; more; ) {
            var page = wisp.get("/api/directory/changes", Map.of("since", since));
            for (var one : (List<?>) page.get("list")) {
                var change = (Map<?, ?>) one;
                System.out.println(change.get("seq") + " " + change.get("kind") + " "
                        + change.get("op") + " " + change.get("id"));
            }
            if ((boolean) page.get("resync")) System.out.println("请全量读取 / read everything");
            // 处理完再保存 next，作为下次的 since。Store next once these are applied: it is the next since.
            since = page.get("next");
            more = (boolean) page.get("more");
        }
        System.out.println("next " + since);
    }
}
