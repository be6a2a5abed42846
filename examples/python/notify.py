"""python3 notify.py zhangsan 张三 2850"""
import sys
import uuid

from wisp import Wisp

wisp = Wisp.from_environment()
user_id, name, fen = sys.argv[1:]
# 内容相同时不产生新版本，可以每次都写。Makes no new version when the content is the same.
wisp.post("/api/message/type/put", key="meal-paid", name="餐费", text="{{ name }}，{{ fen | money }} 已到账。")
# 与业务数据一起保存：网络中断后用同一个 requestId 重发，不会发两次。
# Store it with your data: sent again under the same requestId after a lost connection, it arrives once.
request_id = str(uuid.uuid4())
sent = wisp.post(
    "/api/message/notify",
    type="meal-paid", toUser=user_id, data={"name": name, "fen": int(fen)}, requestId=request_id,
)
print(sent["msgId"], sent["state"], sent["accepted"])
