"""python3 leave_request.py leave-2026-118 1000002 lisi zhangsan 2"""
import sys
import time

from wisp import Wisp


def pressed(msg_id, seconds):
    """一直运行的服务订阅 message.card.pressed，不必查询。
    A service that keeps running subscribes to message.card.pressed instead."""
    until = time.monotonic() + seconds
    while True:
        answers = wisp.get("/api/message/card", msgId=msg_id)["list"]
        if answers:
            return answers[0]["key"]
        if time.monotonic() >= until:
            sys.exit("没有人处理，稍后用同样的参数再运行 / nobody answered: run it again later")
        time.sleep(1)


wisp = Wisp.from_environment()
todo_no, agent_id, applicant, approver, days = sys.argv[1:6]
name = wisp.get("/api/user/get", userId=applicant)["userName"]
title = f"{name} 申请请假 {days} 天"

# 再次运行时，同一个 todoNo 是同一条待办，同一个 requestId 是同一张卡片。
# Run again, the same todoNo is the same to-do, and the same requestId the same card.
todo = {
    "todoNo": todo_no, "userId": approver, "agentId": agent_id, "title": title,
    "url": f"https://oa.example.com/leaves/{todo_no}", "sender": name, "process": "请假",
}
(put,) = wisp.post("/api/todo/put", list=[todo])["list"]
if put["result"] == "refused":  # 每条待办各有结果。Each to-do has a result of its own.
    sys.exit(f"{put['code']} {put['reason']}")

card = {
    "card_type": "button_interaction",
    "main_title": {"title": title, "desc": todo_no},
    "button_list": [
        {"text": "同意", "style": 1, "key": "agree"},
        {"text": "驳回", "style": 2, "key": "reject"},
    ],
}
sent = wisp.post(
    "/api/message/send",
    toUser=[approver], sendType="0", msgType="04", agentId=agent_id, agentName="请假", card=card,
    firstPressWins=True, onPress={"replaceName": "已处理"}, requestId=todo_no,
)
if sent["invaliduser"]:  # 卡片没有送到的人。Whom the card did not reach.
    sys.exit("卡片没有送到 / the card reached nobody")

key = pressed(sent["msgId"], float(sys.argv[6]) if len(sys.argv) > 6 else 600)
result = "已同意" if key == "agree" else "已驳回"
wisp.post("/api/todo/finish", agentId=agent_id, todoNo=todo_no, userId=approver)
wisp.post(
    "/api/message/send",
    toUser=[applicant], sendType="0", msgType="03", agentId=agent_id, agentName="请假",
    content=f"{todo_no} 请假 {days} 天：{result}", requestId=f"{todo_no}-result",
)
wisp.post("/api/message/card/update", msgId=sent["msgId"], replaceName=result)
print(todo_no, result)

# 同意后提交企业微信审批，字段名是模板的。
# Once agreed, an approval of WeCom is submitted: the fields are those of its template.
if len(sys.argv) > 7 and result == "已同意":
    approval = wisp.post(
        "/api/approval/apply",
        templateId=sys.argv[7], userId=applicant, fields={"请假事由": title}, requestId=f"{todo_no}-approval",
    )
    print(approval["spNo"], approval["status"])
