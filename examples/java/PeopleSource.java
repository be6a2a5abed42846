// java -cp out PeopleSource 3 ../people.csv
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

public final class PeopleSource {
    private static final int BATCH = 500;
    /** 单元格可以写在引号中，其中没有换行。Cells may be in quotes, without line breaks. */
    private static final Pattern CELL = Pattern.compile(",(?:\"((?:[^\"]|\"\")*)\"|([^,]*))");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    public static void main(String[] args) throws Exception {
        var wisp = Wisp.fromEnvironment();
        var sourceId = Long.parseLong(args[0]);
        var people = read(Path.of(args[1]));

        // 同一个工号再次提交，覆盖原来的行：没有收到返回时，用同样的参数再运行。
        // Put again, the same key replaces its row: after a lost answer, run it again with the same arguments.
        for (var at = 0; at < people.size(); at += BATCH) {
            var batch = people.subList(at, Math.min(at + BATCH, people.size()));
            var answer = wisp.post("/api/source/put", Map.of("sourceId", sourceId, "people", batch));
            for (var one : (List<?>) answer.get("people")) {
                var result = (Map<?, ?>) one;
                // 每行各有结果。Each row has a result of its own.
                if (!result.get("why").equals("")) System.err.println(result.get("key") + " " + result.get("why"));
            }
        }

        // 全部提交后生成预览，由管理员批准。Once all rows are there, a preview is made, which administrators approve.
        var before = idOf(latest(sourceId));
        wisp.post("/api/source/put", Map.of("sourceId", sourceId, "complete", "1"));
        var run = previewed(sourceId, before);
        var rows = manage("/api/admin/source/rows", "runId=" + idOf(run) + "&pageSize=200");
        System.out.println(idOf(run) + " " + run.get("state") + " " + rows.get("total"));
        for (var one : (List<?>) rows.get("list")) {
            var row = (Map<?, ?>) one;
            var about = row.get("name").equals("") ? row.get("result") : row.get("name");
            System.out.println(row.get("kind") + " " + row.get("key") + " " + about);
        }
    }

    /**
     * 列名与人事源的设置一致，例如 工号,姓名,手机,部门,职务,直属上级工号,状态。
     * The columns are those of the source.
     */
    private static List<Map<String, String>> read(Path file) throws Exception {
        List<String> columns = null;
        var people = new ArrayList<Map<String, String>>();
        for (var line : Files.readString(file).replaceFirst("^\uFEFF", "").split("\r?\n")) {
            if (line.isEmpty()) continue;
            var cells = CELL.matcher("," + line).results().map(one ->
                    one.group(1) == null ? one.group(2) : one.group(1).replace("\"\"", "\"")).toList();
            if (columns == null) {
                columns = cells;
                continue;
            }
            var person = new LinkedHashMap<String, String>();
            for (var at = 0; at < columns.size(); at++)
                person.put(columns.get(at), at < cells.size() ? cells.get(at) : "");
            people.add(person);
        }
        return people;
    }

    private static Map<?, ?> previewed(long sourceId, long before) throws Exception {
        for (var until = System.nanoTime() + 60_000_000_000L; ; Thread.sleep(1000)) {
            var last = latest(sourceId);
            if (idOf(last) > before) return last;
            if (System.nanoTime() - until >= 0)
                throw new IllegalStateException("没有预览，原因见控制台的“人事源” / no preview: see Sources of people in the console");
        }
    }

    private static long idOf(Map<?, ?> run) {
        return run == null ? 0 : (long) run.get("id");
    }

    private static Map<?, ?> latest(long sourceId) throws Exception {
        for (var one : (List<?>) manage("/api/admin/source/runs", "id=" + sourceId).get("list")) {
            var run = (Map<?, ?>) one;
            if (run.get("kind").equals("write")) return run;
        }
        return null;
    }

    /** 管理接口使用管理令牌。Calls of management take an admin token. */
    private static Map<?, ?> manage(String path, String query) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(System.getenv("WISP_URL") + path + "?" + query))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + System.getenv("ADMIN_TOKEN"));
        var envelope = (Map<?, ?>) Json.read(HTTP.send(request.build(), BodyHandlers.ofString()).body());
        if (!envelope.get("retCode").equals("0"))
            throw new IllegalStateException(envelope.get("retCode") + " " + envelope.get("retMessage"));
        return (Map<?, ?>) envelope.get("body");
    }
}
