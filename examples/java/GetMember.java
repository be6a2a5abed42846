// java -cp out GetMember zhangsan
import java.util.List;
import java.util.Map;

public final class GetMember {
    public static void main(String[] args) throws Exception {
        var member = Wisp.fromEnvironment().get("/api/user/get", Map.of("userId", args[0]));
        System.out.println(member.get("userId") + " " + member.get("userName"));
        for (var one : (List<?>) member.get("orgList")) {
            var department = (Map<?, ?>) one;
            System.out.println("  " + department.get("orgId") + " " + department.get("orgName"));
        }
    }
}
