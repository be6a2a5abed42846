"""python3 who_is_here.py <jessionId>"""
import sys

from wisp import Wisp

# 门户打开您的页面时，地址里带着 jessionId。The portal opens your page with a jessionId in its address.
person = Wisp.from_environment().get("/api/user/getInfo", jessionId=sys.argv[1])
if person:
    print(person["userId"], person["userName"])
else:
    print("请重新登录 / sign in again")
