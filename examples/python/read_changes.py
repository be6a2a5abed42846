"""python3 read_changes.py 0"""
import sys

from wisp import Wisp

wisp = Wisp.from_environment()
since, more = int(sys.argv[1]), True
while more:
    page = wisp.get("/api/directory/changes", since=since)
    for change in page["list"]:
        print(change["seq"], change["kind"], change["op"], change["id"])
    if page["resync"]:
        print("请全量读取 / read everything")
    # 处理完再保存 next，作为下次的 since。Store next once these are applied: it is the next since.
    since, more = page["next"], page["more"]
print("next", since)
