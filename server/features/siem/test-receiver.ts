import { record } from '../../platform/audit/audit.ts'
import { formatDate } from '../../platform/format.ts'
import { OutboundUntold } from '../../platform/security/outbound-policy.ts'
import type { Words } from '../../platform/words.ts'
import { rendered } from './formats/render.ts'
import { formOf } from './forward.ts'
import { receiversOf } from './receiver-store.ts'
import { noReceiver, opened, type SiemNeeds } from './receivers.ts'
import type { SiemRecord } from './record.ts'
import { lineMs } from './transport/line.ts'
import { reasonOf } from './transport/reasons.ts'
import { type Receipt, sendTo } from './transport/send.ts'

/** `answer`: what the receiver answered, or why it got nothing. */
export type Trial = { isSent: boolean; answer: Words }

/** Sends one record that says that it is a test, and waits until the receiver has it. Throws 1000. */
export async function testReceiver(
  ctx: SiemNeeds,
  actor: string,
  corpId: string,
  id: string,
): Promise<Trial> {
  const receiver = (await receiversOf(ctx.db, corpId)).find(one => one.id === id)
  if (!receiver) throw noReceiver(id)
  const line = rendered(testRecord(ctx, actor, corpId), formOf(ctx, receiver))
  const startedAt = performance.now()
  const trial = await sendTo(ctx, { ...opened(ctx, receiver), corpId }, [line], ctx.stopping).then(
    receipt => ({ isSent: true, answer: answerOf(receipt, formOf(ctx, receiver).timeZone) }),
    async (error): Promise<Trial> => {
      ctx.stopping.throwIfAborted()
      // How long it took would tell a closed port from a silent one.
      if (error instanceof OutboundUntold)
        await ctx.outbound.untilOver(startedAt, { timeoutMs: lineMs, signal: ctx.stopping })
      return { isSent: false, answer: reasonOf(error) }
    },
  )
  const detail = { ok: trial.isSent, answer: trial.answer.zh.slice(0, 500) }
  const entry = { corpId: corpId || null, actor, act: 'audit.forward.test', target: id } as const
  await record(ctx.db, ctx, { ...entry, targetName: receiver.name, detail })
  return trial
}

function testRecord(ctx: SiemNeeds, actor: string, corpId: string): SiemRecord {
  const at = new Date(ctx.now())
  return {
    id: `${corpId}/test/${at.getTime()}`,
    kind: 'act',
    code: 'audit.forward.test',
    name: { zh: '测试审计转发', en: 'Test of forwarding' },
    severity: 'info',
    at,
    corpId,
    ...{ actor, actorName: '', target: '', targetName: '', address: '' },
    isSuccess: true,
    text: {
      zh: '这是一条测试记录。收到它说明接收端可以使用。',
      en: 'This is a test record. The receiver works if it arrives.',
    },
  }
}

function answerOf(receipt: Receipt, timeZone: string): Words {
  if ('status' in receipt) {
    const said = receipt.answer.trim().slice(0, 200)
    const more = said === '' ? '' : `: ${said}`
    return { zh: `HTTP ${receipt.status}${more.replace(': ', '：')}`, en: `HTTP ${receipt.status}${more}` }
  }
  const read: Words = {
    zh: '接收端读取后关闭了连接；syslog 没有应答，请在接收端查看测试记录',
    en: 'the receiver read it and closed the connection; syslog answers nothing, so look for the test record there',
  }
  const { line } = receipt
  if (!line) return read
  const until = formatDate(new Date(line.validTo), timeZone)
  return {
    zh: `${line.protocol}，证书 ${line.subject}，有效期至${until.zh}；${read.zh}`,
    en: `${line.protocol}, certificate ${line.subject}, valid until ${until.en}; ${read.en}`,
  }
}
