// mono Notify.exe zhangsan 张三 2850
using System;
using System.Runtime.Serialization;
using System.Threading.Tasks;

[DataContract]
public sealed class MessageType
{
    [DataMember(Name = "key")] public string Key = "meal-paid";
    [DataMember(Name = "name")] public string Name = "餐费";
    [DataMember(Name = "text")] public string Text = "{{ name }}，{{ fen | money }} 已到账。";
}

[DataContract]
public sealed class Put
{
    [DataMember(Name = "version")] public int Version;
}

[DataContract]
public sealed class Values
{
    [DataMember(Name = "name")] public string Name;
    [DataMember(Name = "fen")] public int Fen;
}

[DataContract]
public sealed class Notice
{
    [DataMember(Name = "type")] public string Type = "meal-paid";
    [DataMember(Name = "toUser")] public string ToUser;
    [DataMember(Name = "data")] public Values Data;
    [DataMember(Name = "requestId")] public string RequestId;
}

[DataContract]
public sealed class Sent
{
    [DataMember(Name = "msgId")] public string MsgId;
    [DataMember(Name = "state")] public string State;
    [DataMember(Name = "accepted")] public int Accepted;
}

public static class Notify
{
    public static void Main(string[] args) => Run(args).GetAwaiter().GetResult();

    private static async Task Run(string[] args)
    {
        var wisp = Wisp.FromEnvironment();
        // 内容相同时不产生新版本，可以每次都写。Makes no new version when the content is the same.
        await wisp.Post<Put>("/api/message/type/put", new MessageType());
        // 与业务数据一起保存：网络中断后用同一个 requestId 重发，不会发两次。
        // Store it with your data: sent again under the same requestId after a lost connection, it arrives once.
        var requestId = Guid.NewGuid().ToString();
        var data = new Values { Name = args[1], Fen = int.Parse(args[2]) };
        var notice = new Notice { ToUser = args[0], Data = data, RequestId = requestId };
        var sent = await wisp.Post<Sent>("/api/message/notify", notice);
        Console.WriteLine($"{sent.MsgId} {sent.State} {sent.Accepted}");
    }
}
