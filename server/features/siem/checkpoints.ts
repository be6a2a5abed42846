import type { CheckpointReceivers } from '../../platform/manifest/setup/checkpoint-receivers.ts'
import { rendered } from './formats/render.ts'
import { formOf } from './forward.ts'
import { receiversOf } from './receiver-store.ts'
import { opened, type SiemNeeds } from './receivers.ts'
import { reasonOf } from './transport/reasons.ts'
import { hostAndPort, sendTo } from './transport/send.ts'

/** Checkpoints of the audit tree as records, in order with nothing: each is whole by itself. */
export const siemCheckpoints: CheckpointReceivers<SiemNeeds> = {
  async list({ db }, corpId) {
    return (await receiversOf(db, corpId)).map(({ id, name, transport, address }) => ({
      id,
      name,
      host: transport === 'https' ? new URL(address).hostname : hostAndPort(address).host,
    }))
  },
  async send(ctx, corpId, id, { number, size, note, madeAt }) {
    const receiver = (await receiversOf(ctx.db, corpId)).find(one => one.id === id)
    if (!receiver)
      return { zh: `没有接收端 ${id}，它已被移除`, en: `there is no receiver ${id}: it was removed` }
    if (!receiver.isOn)
      return { zh: `接收端“${receiver.name}”已停用`, en: `the receiver "${receiver.name}" is switched off` }
    // A message of syslog is one line; wisp audit verify --against reads these marks as ends of lines.
    const lines = note.replaceAll('\n', '\\n')
    const line = rendered(
      {
        id: `${corpId}/checkpoint/${number}`,
        kind: 'act',
        code: 'audit.checkpoint',
        name: { zh: '审计检查点', en: 'Audit checkpoint' },
        severity: 'info',
        at: madeAt,
        corpId,
        ...{ actor: 'wisp', actorName: '', target: corpId, targetName: '', address: '' },
        isSuccess: true,
        text: {
          zh: `审计检查点：${size} 条\\n${lines}`,
          en: `Audit checkpoint of ${size} entries\\n${lines}`,
        },
      },
      formOf(ctx, receiver),
    )
    try {
      await sendTo(ctx, { ...opened(ctx, receiver), corpId }, [line], ctx.stopping)
      return null
    } catch (error) {
      ctx.stopping.throwIfAborted()
      return reasonOf(error)
    }
  },
}
