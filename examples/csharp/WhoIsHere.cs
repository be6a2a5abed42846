// mono WhoIsHere.exe <jessionId>
using System;
using System.Collections.Generic;
using System.Runtime.Serialization;
using System.Threading.Tasks;

[DataContract]
public sealed class Person
{
    [DataMember(Name = "userId")] public string UserId;
    [DataMember(Name = "userName")] public string UserName;
}

public static class WhoIsHere
{
    public static void Main(string[] args) => Run(args).GetAwaiter().GetResult();

    private static async Task Run(string[] args)
    {
        // 门户打开您的页面时，地址里带着 jessionId。The portal opens your page with a jessionId in its address.
        var query = new Dictionary<string, object> { ["jessionId"] = args[0] };
        var person = await Wisp.FromEnvironment().Get<Person>("/api/user/getInfo", query);
        Console.WriteLine(person == null ? "请重新登录 / sign in again" : $"{person.UserId} {person.UserName}");
    }
}
