// node send-message.ts 审批 zhangsan '您有一条待办'
import { randomUUID } from 'node:crypto'
import { Wisp } from './wisp.ts'

type Status = { msgId: string; status: string; receivers: { sent: number; total: number } }

const wisp = Wisp.fromEnvironment()
const [agentName, userId, content] = process.argv.slice(2)
// 与业务数据一起保存：网络中断后用同一个 requestId 重发，不会发两次。
// Store it with your data: sent again under the same requestId after a lost connection, it arrives once.
const requestId = randomUUID()
const message = { toUser: [userId], sendType: '0', msgType: '03', agentName, content, requestId }
const { msgId } = await wisp.post<{ msgId: string }>('/api/message/send', message)
const { status, receivers } = await wisp.get<Status>('/api/message/status', { msgId })
console.log(msgId, status, `${receivers.sent}/${receivers.total}`)
