"""python3 people_source.py 3 ../people.csv"""
import csv
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from wisp import Wisp


def manage(path, **query):
    """管理接口使用管理令牌。Calls of management take an admin token."""
    headers = {"Authorization": f"Bearer {os.environ['ADMIN_TOKEN']}"}
    url = f"{os.environ['WISP_URL']}{path}?{urllib.parse.urlencode(query)}"
    try:
        answer = urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        envelope = json.load(answer)
    if envelope["retCode"] != "0":
        sys.exit(f"{envelope['retCode']} {envelope['retMessage']}")
    return envelope["body"]


def latest():
    runs = manage("/api/admin/source/runs", id=source_id)["list"]
    return next((one for one in runs if one["kind"] == "write"), {"id": 0})


def previewed(before):
    until = time.monotonic() + 60
    while True:
        last = latest()
        if last["id"] > before:
            return last
        if time.monotonic() >= until:
            sys.exit("没有预览，原因见控制台的“人事源” / no preview: see Sources of people in the console")
        time.sleep(1)


wisp = Wisp.from_environment()
source_id = int(sys.argv[1])

# 列名与人事源的设置一致，例如 工号,姓名,手机,部门,职务,直属上级工号,状态。The columns are those of the source.
with open(sys.argv[2], encoding="utf-8-sig", newline="") as file:
    people = list(csv.DictReader(file, restval=""))

# 同一个工号再次提交，覆盖原来的行：没有收到返回时，用同样的参数再运行。
# Put again, the same key replaces its row: after a lost answer, run it again with the same arguments.
for at in range(0, len(people), 500):
    answer = wisp.post("/api/source/put", sourceId=source_id, people=people[at:at + 500])
    for one in answer["people"]:
        if one["why"]:  # 每行各有结果。Each row has a result of its own.
            print(one["key"], one["why"], file=sys.stderr)

# 全部提交后生成预览，由管理员批准。Once all rows are there, a preview is made, which administrators approve.
before = latest()["id"]
wisp.post("/api/source/put", sourceId=source_id, complete="1")
run = previewed(before)
rows = manage("/api/admin/source/rows", runId=run["id"], pageSize=200)
print(run["id"], run["state"], rows["total"])
for row in rows["list"]:
    print(row["kind"], row["key"], row["name"] or row["result"])
