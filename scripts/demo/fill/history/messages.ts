import { createRandom } from '../../../../sandbox/corp/random.ts'
import { lastTrial } from '../../../../server/features/channels/settings-store.ts'
import { sendTrial } from '../../../../server/features/messages/trial/trial.ts'
import { dayOf } from '../../../../server/platform/operation/day.ts'
import { busyness } from './calls.ts'
import { actor, dayMs, daysBack, type HistoryFill, personOf, until } from './part.ts'
import { isOpen, isRecalled, isThere, moveMessages, type Repetition, repeatMessages } from './past-store.ts'

/** A message of one of the applications; `to` counts members of the sample corp, 0 being 张三. */
type Sample = {
  to: number
  agentName: string
  title?: string
  content?: string
  /** An SMS by this template, with these values. */
  templateId?: string
  params?: readonly string[]
  sendType?: '0' | '2' | '3'
  msgType?: '01' | '03'
  url?: string
}

const card = (agentName: string, to: number, title: string, content: string): Sample => ({
  to,
  agentName,
  title,
  content,
  sendType: '0',
  msgType: '01',
  url: 'https://oa.example.com/todo',
})
const text = (agentName: string, to: number, content: string): Sample => ({
  to,
  agentName,
  content,
  sendType: '0',
  msgType: '03',
})
const mail = (agentName: string, to: number, title: string, content: string): Sample => ({
  to,
  agentName,
  title,
  content,
  sendType: '2',
})
const sms = (agentName: string, to: number, templateId: string, ...params: string[]): Sample => ({
  to,
  agentName,
  templateId,
  params,
})

/** What arrives. The later messages of the list are repeated over the month as well. */
const arriving: readonly Sample[] = [
  card('审批', 0, '年假申请待您审批', '王五申请 11 月 30 日至 12 月 2 日年假，共 3 天，请及时处理。'),
  text('考勤', 0, '您昨天没有下班打卡记录，请在 3 个工作日内提交补卡申请。'),
  mail('财务', 0, '差旅报销已打款', '您的差旅报销单已审核通过，款项 1,286.50 元将在两个工作日内到账。'),
  sms('会议室', 0, '2100003', '季度例会', '周一 14:00', '三楼会议室'),
  card('会议室', 1, '会议室预订成功', '三楼 301 会议室，周一 14:00 至 15:30。'),
  card('公文', 2, '新的公文待阅', '《关于做好冬季安全检查的通知》已送达，请在本周内阅办。'),
  text('后勤', 3, '您报修的 5 楼打印机已派工，维修人员今天下午到场。'),
  card('审批', 4, '采购申请已通过', '办公用品采购申请已由李四审批通过，请联系采购部领取。'),
  text('考勤', 5, '本月考勤已生成，请在每月 3 日前核对确认。'),
  card('人事', 6, '劳动合同续签提醒', '您的劳动合同将于下月到期，请到人事系统确认续签意向。'),
  mail('人事', 7, '本月工资条', '您的本月工资条已生成，请登录人事系统查看明细。'),
  mail('公文', 8, '周报汇总', '本周各部门周报已汇总，请查看附件链接并在周五前反馈意见。'),
  mail('财务', 9, '发票未通过校验', '您提交的发票抬头与公司名称不一致，请更换后重新提交。'),
  sms('后勤', 10, '2100002', '您好', '访客登记待确认'),
  sms('会议室', 11, '2100003', '安全培训', '周三 9:30', '一楼报告厅'),
  text('后勤', 12, '明天 8:00 至 12:00 办公楼停电检修，请提前保存文件并关闭设备。'),
]
/** Those to 张三 are his own, and not repeated for each day. */
const ownOnes = 4
const failing = mail('人事', 13, '体检报告已出', '您的年度体检报告已生成，请登录体检系统查看。')
const unclear = mail('财务', 14, '付款通知', '您提交的付款申请已转交银行处理。')
const waiting = mail('公文', 15, '会议纪要', '上周例会的会议纪要已定稿，请查收。')
const undelivered = sms('后勤', 16, '2100002', '您好', '快递待领取')
const mistaken = card('人事', 17, '全员调休安排（草稿）', '误发的草稿，稍后以正式通知为准。')

/** Messages by every channel and of every fate today, and what arrived on each day of the month before. */
export async function fillMessages(filling: HistoryFill): Promise<void> {
  await tryChannel(filling)
  const ids: string[] = []
  for (const [n, sample] of arriving.entries()) ids.push(await send(filling, `arriving-${n}`, sample))
  const failed = await sendFailing(filling)
  await send(filling, 'official', {
    to: 0,
    agentName: '会议室',
    title: '部门例会',
    content: '三楼会议室',
    sendType: '3',
  })
  const { ctx, corpId } = filling
  if (await isThere(ctx.db, 'message', corpId, new Date(ctx.now() - dayMs))) return
  const repetitions = repetitionsOf(filling, ids, failed)
  const today = ids.map((id, n) => ({ id, minutes: 9 + n * 23 }))
  await ctx.db.transaction().execute(async tx => {
    await repeatMessages(tx, repetitions)
    await moveMessages(tx, today)
  })
}

/** A test message, which is a step of going live. */
async function tryChannel(filling: HistoryFill): Promise<void> {
  const { ctx, corpId } = filling
  if (await lastTrial(ctx.db, corpId, 'wecom', [])) return
  const { userId } = personOf(filling, 0)
  await sendTrial(ctx, actor, corpId, {
    channel: 'wecom',
    userId,
    given: {},
    tried: id => until('the test message', async () => !(await isOpen(ctx.db, id))),
  })
}

/** Makes each message that does not arrive, and returns the ids of those whose fate is settled. */
async function sendFailing(filling: HistoryFill): Promise<string[]> {
  const { call, sandbox } = filling
  const mailbox = (sample: Sample) => `smtp/rcpt/${personOf(filling, sample.to).email}`
  await sandbox('faults', { match: mailbox(failing), mode: 'http500' })
  await sandbox('faults', { match: mailbox(waiting), mode: 'busy' })
  await sandbox('sms', {
    refuse: { [personOf(filling, undelivered.to).mobile]: 'FailedOperation.PhoneNumberInBlacklist' },
  })
  const failed = await send(filling, 'failing', failing)
  const lost = await send(filling, 'undelivered', undelivered)
  await send(filling, 'waiting', waiting)
  await sandbox('faults', { match: 'smtp/data', mode: 'acceptedThenTimeout', times: 1 })
  await send(filling, 'unclear', unclear)
  const msgId = await send(filling, 'mistaken', mistaken)
  await until('the message that is recalled', async () => !(await isOpen(filling.ctx.db, msgId)))
  if (!(await isRecalled(filling.ctx.db, msgId))) await call('/api/message/recall', { msgId })
  return [failed, lost]
}

async function send(filling: HistoryFill, requestId: string, sample: Sample): Promise<string> {
  const { to, templateId, ...rest } = sample
  const path = templateId === undefined ? '/api/message/send' : '/api/message/sms'
  const template = templateId === undefined ? {} : { templateId }
  const toUser = personOf(filling, to).userId
  const sent = await filling.call(path, { toUser, requestId: `demo-${requestId}`, ...template, ...rest })
  return String(sent['msgId'])
}

function repetitionsOf(
  { ctx }: HistoryFill,
  arrived: readonly string[],
  failed: readonly string[],
): Repetition[] {
  const random = createRandom(2)
  const oneOf = (ids: readonly string[]) => ids[Math.floor(random() * ids.length)] ?? ''
  const own = arrived.slice(0, ownOnes)
  const others = arrived.slice(ownOnes)
  return Array.from({ length: daysBack }, (_, n) => n + 1).flatMap(daysAgo => {
    const day = dayOf(ctx.now() - daysAgo * dayMs)
    const begin = Date.parse(`${day}T08:45:00+08:00`)
    const repeated = (from: string): Repetition => ({
      from,
      id: ctx.newId(),
      at: new Date(begin + random() * 9 * 3_600_000),
    })
    const count = Math.round(busyness(day) * (12 + random() * 10))
    return [
      ...Array.from({ length: count }, () => repeated(oneOf(others))),
      ...(daysAgo % 3 === 1 ? [repeated(oneOf(own))] : []),
      ...(daysAgo % 4 === 2 ? [repeated(oneOf(failed))] : []),
    ]
  })
}
