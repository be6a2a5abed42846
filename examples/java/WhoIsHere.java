// java -cp out WhoIsHere <jessionId>
import java.util.Map;

public final class WhoIsHere {
    public static void main(String[] args) throws Exception {
        // 门户打开您的页面时，地址里带着 jessionId。The portal opens your page with a jessionId in its address.
        var person = Wisp.fromEnvironment().get("/api/user/getInfo", Map.of("jessionId", args[0]));
        if (person == null) System.out.println("请重新登录 / sign in again");
        else System.out.println(person.get("userId") + " " + person.get("userName"));
    }
}
