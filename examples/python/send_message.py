"""python3 send_message.py 审批 zhangsan '您有一条待办'"""
import sys
import uuid

from wisp import Wisp

wisp = Wisp.from_environment()
agent_name, user_id, content = sys.argv[1:]
# 与业务数据一起保存：网络中断后用同一个 requestId 重发，不会发两次。
# Store it with your data: sent again under the same requestId after a lost connection, it arrives once.
request_id = str(uuid.uuid4())
sent = wisp.post(
    "/api/message/send",
    toUser=[user_id], sendType="0", msgType="03", agentName=agent_name, content=content, requestId=request_id,
)
status = wisp.get("/api/message/status", msgId=sent["msgId"])
print(status["msgId"], status["status"], f"{status['receivers']['sent']}/{status['receivers']['total']}")
