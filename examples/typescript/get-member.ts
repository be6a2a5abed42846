// node get-member.ts zhangsan
import { Wisp } from './wisp.ts'

type Member = { userId: string; userName: string; orgList: { orgId: string; orgName: string }[] }

const [userId = ''] = process.argv.slice(2)
const member = await Wisp.fromEnvironment().get<Member>('/api/user/get', { userId })
console.log(member.userId, member.userName)
for (const { orgId, orgName } of member.orgList) console.log(' ', orgId, orgName)
