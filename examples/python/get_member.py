"""python3 get_member.py zhangsan"""
import sys

from wisp import Wisp

member = Wisp.from_environment().get("/api/user/get", userId=sys.argv[1])
print(member["userId"], member["userName"])
for department in member["orgList"]:
    print(" ", department["orgId"], department["orgName"])
