// mono Bills.exe 2026-11-0001 zhangsan 11月餐费 12850
using System;
using System.Collections.Generic;
using System.Runtime.Serialization;
using System.Threading.Tasks;

[DataContract]
public sealed class NewBill
{
    [DataMember(Name = "billNo")] public string BillNo;
    [DataMember(Name = "userId")] public string UserId;
    [DataMember(Name = "title")] public string Title;
    [DataMember(Name = "amount")] public long Amount;
}

[DataContract]
public sealed class Bill
{
    [DataMember(Name = "billId")] public string BillId;
    [DataMember(Name = "billNo")] public string BillNo;
    [DataMember(Name = "title")] public string Title;
    [DataMember(Name = "amount")] public long Amount;
    [DataMember(Name = "state")] public string State;
}

[DataContract]
public sealed class BillPage
{
    [DataMember(Name = "list")] public Bill[] List;
}

public static class Bills
{
    private const int PageSize = 100;

    public static void Main(string[] args) => Run(args).GetAwaiter().GetResult();

    private static async Task Run(string[] args)
    {
        var wisp = Wisp.FromEnvironment();
        // 同一个 billNo 再次创建，返回原来的账单。Created again, the same billNo answers the bill that is there.
        var wanted = new NewBill { BillNo = args[0], UserId = args[1], Title = args[2], Amount = long.Parse(args[3]) };
        Console.WriteLine($"billId {(await wisp.Post<Bill>("/api/pay/bill/create", wanted)).BillId}");
        var query = new Dictionary<string, object>
        {
            ["userId"] = args[1], ["state"] = "open", ["pageNo"] = 1, ["pageSize"] = PageSize,
        };
        for (var more = true; more; query["pageNo"] = (int)query["pageNo"] + 1)
        {
            var page = await wisp.Get<BillPage>("/api/pay/bill/list", query);
            foreach (var one in page.List)
                Console.WriteLine($"{one.BillNo} {one.Title} {one.Amount / 100m:F2} {one.State}");
            more = page.List.Length == PageSize;
        }
    }
}
