// mono SendMessage.exe 审批 zhangsan '您有一条待办'
using System;
using System.Collections.Generic;
using System.Runtime.Serialization;
using System.Threading.Tasks;

[DataContract]
public sealed class Message
{
    [DataMember(Name = "toUser")] public string[] ToUser;
    [DataMember(Name = "sendType")] public string SendType = "0";
    [DataMember(Name = "msgType")] public string MsgType = "03";
    [DataMember(Name = "agentName")] public string AgentName;
    [DataMember(Name = "content")] public string Content;
    [DataMember(Name = "requestId")] public string RequestId;
}

[DataContract]
public sealed class Sent
{
    [DataMember(Name = "msgId")] public string MsgId;
}

[DataContract]
public sealed class Receivers
{
    [DataMember(Name = "sent")] public int Sent;
    [DataMember(Name = "total")] public int Total;
}

[DataContract]
public sealed class Status
{
    [DataMember(Name = "status")] public string State;
    [DataMember(Name = "receivers")] public Receivers Receivers;
}

public static class SendMessage
{
    public static void Main(string[] args) => Run(args).GetAwaiter().GetResult();

    private static async Task Run(string[] args)
    {
        var wisp = Wisp.FromEnvironment();
        // 与业务数据一起保存：网络中断后用同一个 requestId 重发，不会发两次。
        // Store it with your data: sent again under the same requestId after a lost connection, it arrives once.
        var requestId = Guid.NewGuid().ToString();
        var message = new Message
        {
            ToUser = new[] { args[1] }, AgentName = args[0], Content = args[2], RequestId = requestId,
        };
        var sent = await wisp.Post<Sent>("/api/message/send", message);
        var query = new Dictionary<string, object> { ["msgId"] = sent.MsgId };
        var status = await wisp.Get<Status>("/api/message/status", query);
        Console.WriteLine($"{sent.MsgId} {status.State} {status.Receivers.Sent}/{status.Receivers.Total}");
    }
}
