// mono ReadChanges.exe 0
using System;
using System.Collections.Generic;
using System.Runtime.Serialization;
using System.Threading.Tasks;

[DataContract]
public sealed class Change
{
    [DataMember(Name = "seq")] public long Seq;
    [DataMember(Name = "kind")] public string Kind;
    [DataMember(Name = "op")] public string Op;
    [DataMember(Name = "id")] public string Id;
}

[DataContract]
public sealed class Changes
{
    [DataMember(Name = "list")] public Change[] List;
    [DataMember(Name = "next")] public long Next;
    [DataMember(Name = "more")] public bool More;
    [DataMember(Name = "resync")] public bool Resync;
}

public static class ReadChanges
{
    public static void Main(string[] args) => Run(args).GetAwaiter().GetResult();

    private static async Task Run(string[] args)
    {
        var wisp = Wisp.FromEnvironment();
        var since = long.Parse(args[0]);
        for (var more = true; more; )
        {
            var query = new Dictionary<string, object> { ["since"] = since };
            var page = await wisp.Get<Changes>("/api/directory/changes", query);
            foreach (var one in page.List) Console.WriteLine($"{one.Seq} {one.Kind} {one.Op} {one.Id}");
            if (page.Resync) Console.WriteLine("请全量读取 / read everything");
            // 处理完再保存 next，作为下次的 since。Store next once these are applied: it is the next since.
            since = page.Next;
            more = page.More;
        }
        Console.WriteLine($"next {since}");
    }
}
