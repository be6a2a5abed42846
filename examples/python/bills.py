"""python3 bills.py 2026-11-0001 zhangsan 11月餐费 12850"""
import sys

from wisp import Wisp

wisp = Wisp.from_environment()
bill_no, user_id, title, fen = sys.argv[1:]
# 同一个 billNo 再次创建，返回原来的账单。Created again, the same billNo answers the bill that is there.
bill = wisp.post("/api/pay/bill/create", billNo=bill_no, userId=user_id, title=title, amount=int(fen))
print("billId", bill["billId"])
page_no, more = 1, True
while more:
    page = wisp.get("/api/pay/bill/list", userId=user_id, state="open", pageNo=page_no, pageSize=100)["list"]
    for one in page:
        print(one["billNo"], one["title"], f"{one['amount'] / 100:.2f}", one["state"])
    page_no, more = page_no + 1, len(page) == 100
