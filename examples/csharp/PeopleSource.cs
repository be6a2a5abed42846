// mono PeopleSource.exe 3 ../people.csv
using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Runtime.Serialization;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

/// <summary>列名与人事源的设置一致。The columns are those of the source.</summary>
[DataContract]
public sealed class Person
{
    [DataMember(Name = "工号")] public string Key;
    [DataMember(Name = "姓名")] public string Name;
    [DataMember(Name = "手机")] public string Mobile;
    [DataMember(Name = "部门")] public string Departments;
    [DataMember(Name = "职务")] public string Position;
    [DataMember(Name = "直属上级工号")] public string Leader;
    [DataMember(Name = "状态")] public string State;
}

[DataContract]
public sealed class SourceRows
{
    [DataMember(Name = "sourceId")] public long SourceId;
    [DataMember(Name = "people", EmitDefaultValue = false)] public Person[] People;
    [DataMember(Name = "complete", EmitDefaultValue = false)] public string Complete;
}

[DataContract]
public sealed class RowResult
{
    [DataMember(Name = "key")] public string Key;
    [DataMember(Name = "why")] public string Why;
}

[DataContract]
public sealed class RowResults
{
    [DataMember(Name = "people")] public RowResult[] People;
}

[DataContract]
public sealed class SourceRun
{
    [DataMember(Name = "id")] public long Id;
    [DataMember(Name = "kind")] public string Kind;
    [DataMember(Name = "state")] public string State;
}

[DataContract]
public sealed class RunRow
{
    [DataMember(Name = "kind")] public string Kind;
    [DataMember(Name = "key")] public string Key;
    [DataMember(Name = "name")] public string Name;
    [DataMember(Name = "result")] public string Result;
}

[DataContract]
public sealed class Listed<T>
{
    [DataMember(Name = "list")] public T[] List;
    [DataMember(Name = "total")] public int Total;
}

[DataContract]
public sealed class Managed<T>
{
    [DataMember(Name = "retCode")] public string RetCode;
    [DataMember(Name = "retMessage")] public string RetMessage;
    [DataMember(Name = "body")] public T Body;
}

public static class PeopleSource
{
    private const int Batch = 500;
    private static readonly HttpClient Http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };

    public static void Main(string[] args) => Run(args).GetAwaiter().GetResult();

    private static async Task Run(string[] args)
    {
        var wisp = Wisp.FromEnvironment();
        var sourceId = long.Parse(args[0]);
        var people = PeopleOf(args[1]);

        // 同一个工号再次提交，覆盖原来的行：没有收到返回时，用同样的参数再运行。
        // Put again, the same key replaces its row: after a lost answer, run it again with the same arguments.
        for (var at = 0; at < people.Length; at += Batch)
        {
            var batch = people.Skip(at).Take(Batch).ToArray();
            var rows = new SourceRows { SourceId = sourceId, People = batch };
            // 每行各有结果。Each row has a result of its own.
            foreach (var one in (await wisp.Post<RowResults>("/api/source/put", rows)).People)
                if (one.Why != "") Console.Error.WriteLine($"{one.Key} {one.Why}");
        }

        // 全部提交后生成预览，由管理员批准。Once all rows are there, a preview is made, which administrators approve.
        var before = (await Latest(sourceId))?.Id ?? 0;
        await wisp.Post<object>("/api/source/put", new SourceRows { SourceId = sourceId, Complete = "1" });
        var run = await Previewed(sourceId, before);
        var preview = await Manage<Listed<RunRow>>("/api/admin/source/rows", $"runId={run.Id}&pageSize=200");
        Console.WriteLine($"{run.Id} {run.State} {preview.Total}");
        foreach (var row in preview.List)
            Console.WriteLine($"{row.Kind} {row.Key} {(row.Name == "" ? row.Result : row.Name)}");
    }

    /// <summary>单元格可以写在引号中，其中没有换行。Cells may be in quotes, without line breaks.</summary>
    private static Person[] PeopleOf(string file)
    {
        var lines = File.ReadAllLines(file).Where(line => line != "").Select(CellsOf).ToArray();
        return lines.Skip(1).Select(cells =>
        {
            Func<string, string> cell = name => cells.ElementAtOrDefault(Array.IndexOf(lines[0], name)) ?? "";
            return new Person
            {
                Key = cell("工号"), Name = cell("姓名"), Mobile = cell("手机"), Departments = cell("部门"),
                Position = cell("职务"), Leader = cell("直属上级工号"), State = cell("状态"),
            };
        }).ToArray();
    }

    private static string[] CellsOf(string line) =>
        Regex.Matches("," + line, ",(?:\"((?:[^\"]|\"\")*)\"|([^,]*))").Cast<Match>().Select(one =>
            one.Groups[1].Success ? one.Groups[1].Value.Replace("\"\"", "\"") : one.Groups[2].Value).ToArray();

    private static async Task<SourceRun> Previewed(long sourceId, long before)
    {
        for (var until = DateTime.UtcNow.AddMinutes(1); ; await Task.Delay(1000))
        {
            var last = await Latest(sourceId);
            if (last?.Id > before) return last;
            if (DateTime.UtcNow >= until)
                throw new InvalidOperationException("没有预览，原因见控制台的“人事源” / no preview: see Sources of people in the console");
        }
    }

    private static async Task<SourceRun> Latest(long sourceId) =>
        (await Manage<Listed<SourceRun>>("/api/admin/source/runs", $"id={sourceId}")).List.FirstOrDefault(one => one.Kind == "write");

    /// <summary>管理接口使用管理令牌。Calls of management take an admin token.</summary>
    private static async Task<T> Manage<T>(string path, string query)
    {
        var url = Environment.GetEnvironmentVariable("WISP_URL") + path + "?" + query;
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        var token = Environment.GetEnvironmentVariable("ADMIN_TOKEN");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using (var answer = await Http.SendAsync(request))
        {
            var envelope = Wisp.Read<Managed<T>>(await answer.Content.ReadAsByteArrayAsync());
            if (envelope.RetCode != "0")
                throw new InvalidOperationException($"{envelope.RetCode} {envelope.RetMessage}");
            return envelope.Body;
        }
    }
}
