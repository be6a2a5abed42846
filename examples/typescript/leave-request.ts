// node leave-request.ts leave-2026-118 1000002 lisi zhangsan 2
import { setTimeout as sleep } from 'node:timers/promises'
import { Wisp } from './wisp.ts'

type PutAnswer = { list: { result: string; code: string; reason: string }[] }
type SendAnswer = { msgId: string; invaliduser: string }

const wisp = Wisp.fromEnvironment()
const [
  todoNo = '',
  agentId = '',
  applicant = '',
  approver = '',
  days = '',
  seconds = '600',
  templateId = '',
] = process.argv.slice(2)
const { userName } = await wisp.get<{ userName: string }>('/api/user/get', { userId: applicant })
const title = `${userName} 申请请假 ${days} 天`

// 再次运行时，同一个 todoNo 是同一条待办，同一个 requestId 是同一张卡片。
// Run again, the same todoNo is the same to-do, and the same requestId the same card.
const url = `https://oa.example.com/leaves/${todoNo}`
const todo = { todoNo, userId: approver, agentId, title, url, sender: userName, process: '请假' }
const [put] = (await wisp.post<PutAnswer>('/api/todo/put', { list: [todo] })).list
// 每条待办各有结果。Each to-do has a result of its own.
if (put?.result === 'refused') throw new Error(`${put.code} ${put.reason}`)

const card = {
  card_type: 'button_interaction',
  main_title: { title, desc: todoNo },
  button_list: [
    { text: '同意', style: 1, key: 'agree' },
    { text: '驳回', style: 2, key: 'reject' },
  ],
}
const { msgId, invaliduser } = await wisp.post<SendAnswer>('/api/message/send', {
  toUser: [approver],
  sendType: '0',
  msgType: '04',
  agentId,
  agentName: '请假',
  card,
  firstPressWins: true,
  onPress: { replaceName: '已处理' },
  requestId: todoNo,
})
// 卡片没有送到的人在 invaliduser 里。Whom the card did not reach is in invaliduser.
if (invaliduser) throw new Error('卡片没有送到 / the card reached nobody')

const result = (await pressed()) === 'agree' ? '已同意' : '已驳回'
await wisp.post('/api/todo/finish', { agentId, todoNo, userId: approver })
await wisp.post('/api/message/send', {
  toUser: [applicant],
  sendType: '0',
  msgType: '03',
  agentId,
  agentName: '请假',
  content: `${todoNo} 请假 ${days} 天：${result}`,
  requestId: `${todoNo}-result`,
})
await wisp.post('/api/message/card/update', { msgId, replaceName: result })
console.log(todoNo, result)

// 同意后提交企业微信审批，字段名是模板的。Once agreed, an approval of WeCom is submitted: the fields are those of its template.
if (templateId && result === '已同意') {
  const { spNo, status } = await wisp.post<{ spNo: string; status: string }>('/api/approval/apply', {
    templateId,
    userId: applicant,
    fields: { 请假事由: title },
    requestId: `${todoNo}-approval`,
  })
  console.log(spNo, status)
}

/** 一直运行的服务订阅 message.card.pressed，不必查询。A service that keeps running subscribes to message.card.pressed instead. */
async function pressed(): Promise<string> {
  const until = Date.now() + Number(seconds) * 1000
  for (;;) {
    const { list } = await wisp.get<{ list: { key: string }[] }>('/api/message/card', { msgId })
    if (list[0]) return list[0].key
    if (Date.now() >= until)
      throw new Error('没有人处理，稍后用同样的参数再运行 / nobody answered: run it again later')
    await sleep(1000)
  }
}
