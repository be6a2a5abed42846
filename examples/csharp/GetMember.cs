// mono GetMember.exe zhangsan
using System;
using System.Collections.Generic;
using System.Runtime.Serialization;
using System.Threading.Tasks;

[DataContract]
public sealed class Department
{
    [DataMember(Name = "orgId")] public string OrgId;
    [DataMember(Name = "orgName")] public string OrgName;
}

[DataContract]
public sealed class Member
{
    [DataMember(Name = "userId")] public string UserId;
    [DataMember(Name = "userName")] public string UserName;
    [DataMember(Name = "orgList")] public Department[] OrgList;
}

public static class GetMember
{
    public static void Main(string[] args) => Run(args).GetAwaiter().GetResult();

    private static async Task Run(string[] args)
    {
        var query = new Dictionary<string, object> { ["userId"] = args[0] };
        var member = await Wisp.FromEnvironment().Get<Member>("/api/user/get", query);
        Console.WriteLine($"{member.UserId} {member.UserName}");
        foreach (var department in member.OrgList) Console.WriteLine($"  {department.OrgId} {department.OrgName}");
    }
}
