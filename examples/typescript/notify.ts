// node notify.ts zhangsan 张三 2850
import { randomUUID } from 'node:crypto'
import { Wisp } from './wisp.ts'

type NotifyAnswer = { msgId: string; state: string; accepted: number }

const wisp = Wisp.fromEnvironment()
const [userId, name, fen] = process.argv.slice(2)
// 内容相同时不产生新版本，可以每次都写。Makes no new version when the content is the same.
const text = '{{ name }}，{{ fen | money }} 已到账。'
await wisp.post('/api/message/type/put', { key: 'meal-paid', name: '餐费', text })
// 与业务数据一起保存：网络中断后用同一个 requestId 重发，不会发两次。
// Store it with your data: sent again under the same requestId after a lost connection, it arrives once.
const requestId = randomUUID()
const notice = { type: 'meal-paid', toUser: userId, data: { name, fen: Number(fen) }, requestId }
const { msgId, state, accepted } = await wisp.post<NotifyAnswer>('/api/message/notify', notice)
console.log(msgId, state, accepted)
