// mono LeaveRequest.exe leave-2026-118 1000002 lisi zhangsan 2
using System;
using System.Collections.Generic;
using System.Runtime.Serialization;
using System.Threading.Tasks;

[DataContract]
public sealed class Member
{
    [DataMember(Name = "userName")] public string UserName;
}

[DataContract]
public sealed class Todo
{
    [DataMember(Name = "todoNo")] public string TodoNo;
    [DataMember(Name = "userId")] public string UserId;
    [DataMember(Name = "agentId")] public string AgentId;
    [DataMember(Name = "title")] public string Title;
    [DataMember(Name = "url")] public string Url;
    [DataMember(Name = "sender")] public string Sender;
    [DataMember(Name = "process")] public string Process = "请假";
}

[DataContract]
public sealed class Todos
{
    [DataMember(Name = "list")] public Todo[] List;
}

[DataContract]
public sealed class PutResult
{
    [DataMember(Name = "result")] public string Result;
    [DataMember(Name = "code")] public string Code;
    [DataMember(Name = "reason")] public string Reason;
}

[DataContract]
public sealed class PutResults
{
    [DataMember(Name = "list")] public PutResult[] List;
}

[DataContract]
public sealed class TodoEnd
{
    [DataMember(Name = "agentId")] public string AgentId;
    [DataMember(Name = "todoNo")] public string TodoNo;
    [DataMember(Name = "userId")] public string UserId;
}

[DataContract]
public sealed class MainTitle
{
    [DataMember(Name = "title")] public string Title;
    [DataMember(Name = "desc")] public string Desc;
}

[DataContract]
public sealed class Button
{
    [DataMember(Name = "text")] public string Text;
    [DataMember(Name = "style")] public int Style;
    [DataMember(Name = "key")] public string Key;
}

[DataContract]
public sealed class Card
{
    [DataMember(Name = "card_type")] public string CardType = "button_interaction";
    [DataMember(Name = "main_title")] public MainTitle MainTitle;
    [DataMember(Name = "button_list")] public Button[] ButtonList =
    {
        new Button { Text = "同意", Style = 1, Key = "agree" }, new Button { Text = "驳回", Style = 2, Key = "reject" },
    };
}

[DataContract]
public sealed class OnPress
{
    [DataMember(Name = "replaceName")] public string ReplaceName;
}

[DataContract]
public class Message
{
    [DataMember(Name = "toUser")] public string[] ToUser;
    [DataMember(Name = "sendType")] public string SendType = "0";
    [DataMember(Name = "msgType")] public string MsgType = "03";
    [DataMember(Name = "agentId")] public string AgentId;
    [DataMember(Name = "agentName")] public string AgentName = "请假";
    [DataMember(Name = "content", EmitDefaultValue = false)] public string Content;
    [DataMember(Name = "requestId")] public string RequestId;
}

[DataContract]
public sealed class CardMessage : Message
{
    [DataMember(Name = "card")] public Card Card;
    [DataMember(Name = "firstPressWins")] public bool FirstPressWins = true;
    [DataMember(Name = "onPress")] public OnPress OnPress = new OnPress { ReplaceName = "已处理" };
}

[DataContract]
public sealed class Sent
{
    [DataMember(Name = "msgId")] public string MsgId;
    [DataMember(Name = "invaliduser")] public string InvalidUser;
}

[DataContract]
public sealed class CardUpdate
{
    [DataMember(Name = "msgId")] public string MsgId;
    [DataMember(Name = "replaceName")] public string ReplaceName;
}

[DataContract]
public sealed class Answer
{
    [DataMember(Name = "key")] public string Key;
}

[DataContract]
public sealed class Answers
{
    [DataMember(Name = "list")] public Answer[] List;
}

[DataContract]
public sealed class LeaveFields
{
    [DataMember(Name = "请假事由")] public string Reason;
}

[DataContract]
public sealed class NewApproval
{
    [DataMember(Name = "templateId")] public string TemplateId;
    [DataMember(Name = "userId")] public string UserId;
    [DataMember(Name = "fields")] public LeaveFields Fields;
    [DataMember(Name = "requestId")] public string RequestId;
}

[DataContract]
public sealed class Approval
{
    [DataMember(Name = "spNo")] public string SpNo;
    [DataMember(Name = "status")] public string Status;
}

public static class LeaveRequest
{
    public static void Main(string[] args) => Run(args).GetAwaiter().GetResult();

    private static async Task Run(string[] args)
    {
        var wisp = Wisp.FromEnvironment();
        string todoNo = args[0], agentId = args[1], applicant = args[2], approver = args[3], days = args[4];
        var query = new Dictionary<string, object> { ["userId"] = applicant };
        var name = (await wisp.Get<Member>("/api/user/get", query)).UserName;
        var title = $"{name} 申请请假 {days} 天";

        // 再次运行时，同一个 todoNo 是同一条待办，同一个 requestId 是同一张卡片。
        // Run again, the same todoNo is the same to-do, and the same requestId the same card.
        var todo = new Todo
        {
            TodoNo = todoNo, UserId = approver, AgentId = agentId, Title = title, Sender = name,
            Url = "https://oa.example.com/leaves/" + todoNo,
        };
        var put = (await wisp.Post<PutResults>("/api/todo/put", new Todos { List = new[] { todo } })).List[0];
        // 每条待办各有结果。Each to-do has a result of its own.
        if (put.Result == "refused") throw new InvalidOperationException($"{put.Code} {put.Reason}");

        var sent = await wisp.Post<Sent>("/api/message/send", new CardMessage
        {
            ToUser = new[] { approver }, MsgType = "04", AgentId = agentId, RequestId = todoNo,
            Card = new Card { MainTitle = new MainTitle { Title = title, Desc = todoNo } },
        });
        // 卡片没有送到的人在 invaliduser 里。Whom the card did not reach is in invaliduser.
        if (sent.InvalidUser != "") throw new InvalidOperationException("卡片没有送到 / the card reached nobody");

        var key = await Pressed(wisp, sent.MsgId, args.Length > 5 ? int.Parse(args[5]) : 600);
        var result = key == "agree" ? "已同意" : "已驳回";
        await wisp.Post<object>("/api/todo/finish", new TodoEnd { AgentId = agentId, TodoNo = todoNo, UserId = approver });
        await wisp.Post<Sent>("/api/message/send", new Message
        {
            ToUser = new[] { applicant }, AgentId = agentId, RequestId = todoNo + "-result",
            Content = $"{todoNo} 请假 {days} 天：{result}",
        });
        await wisp.Post<object>("/api/message/card/update", new CardUpdate { MsgId = sent.MsgId, ReplaceName = result });
        Console.WriteLine($"{todoNo} {result}");

        // 同意后提交企业微信审批，字段名是模板的。
        // Once agreed, an approval of WeCom is submitted: the fields are those of its template.
        if (args.Length > 6 && result == "已同意")
        {
            var approval = await wisp.Post<Approval>("/api/approval/apply", new NewApproval
            {
                TemplateId = args[6], UserId = applicant, Fields = new LeaveFields { Reason = title },
                RequestId = todoNo + "-approval",
            });
            Console.WriteLine($"{approval.SpNo} {approval.Status}");
        }
    }

    /// <summary>
    /// 一直运行的服务订阅 message.card.pressed，不必查询。
    /// A service that keeps running subscribes to message.card.pressed instead.
    /// </summary>
    private static async Task<string> Pressed(Wisp wisp, string msgId, int seconds)
    {
        var query = new Dictionary<string, object> { ["msgId"] = msgId };
        for (var until = DateTime.UtcNow.AddSeconds(seconds); ; await Task.Delay(1000))
        {
            var answers = await wisp.Get<Answers>("/api/message/card", query);
            if (answers.List.Length > 0) return answers.List[0].Key;
            if (DateTime.UtcNow >= until)
                throw new InvalidOperationException("没有人处理，稍后用同样的参数再运行 / nobody answered: run it again later");
        }
    }
}
