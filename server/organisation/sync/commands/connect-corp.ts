import { actor } from '../../../platform/command/actor.ts'
import { command, givenOnly } from '../../../platform/command/command.ts'
import { here, mayFollow } from '../../../platform/command/node-work.ts'
import { requiredSecret, requiredText, toggle } from '../../../platform/command/parts.ts'
import type { Core } from '../../../platform/core.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import type { WecomOptions } from '../../corps/clients/clients.ts'
import { callbackText } from '../../corps/commands/corps.ts'
import { checkPart, refusedSecret } from '../../corps/commands/secret-check.ts'
import { addCorp, type Corps, callbackSettings, checkNewCorp } from '../../corps/corps.ts'
import { tryContactSecret } from '../../corps/doctor/doctor.ts'
import { corpSecrets, corpSettings } from '../../corps/settings.ts'
import { startAndFollow } from './follow-run.ts'

type Needs = Core & { corps: Corps; queue: Queue; wecomOptions: WecomOptions }

const add = command({
  path: 'corp add',
  point: 'corp:add',
  summary: '接入一个企业，显示要填到企业微信的回调设置，并开始首次同步',
  details: '未给出 Token 与 EncodingAESKey 时自动生成。多个参数为 - 时，按本页列出的顺序各读一行。',
  parts: {
    corpId: requiredText('--corp-id <id>', '企业 ID（我的企业 → 企业信息）'),
    name: requiredText('--name <text>', '企业名称'),
    contactSecret: requiredSecret('--contact-secret <secret>', '通讯录同步密钥（管理工具 → 通讯录同步）'),
    publicUrl: corpSettings.publicUrl.option,
    callbackToken: corpSecrets.callbackToken.option,
    encodingAesKey: corpSecrets.encodingAesKey.option,
    check: checkPart,
    sync: toggle('--no-sync', '不开始首次同步'),
    wait: toggle('--no-wait', '不等待首次同步结束'),
    here,
  },
  async run(ctx: Needs, { check, sync, wait, here, corpId, name, contactSecret, ...rest }, io) {
    const settings = { corpId, name, contactSecret, ...givenOnly(rest) }
    if (check) {
      checkNewCorp(ctx, settings)
      const tried = await tryContactSecret(ctx, corpId, contactSecret)
      if (tried.refused) return refusedSecret(tried.checks)
      io.say('企业微信接受了密钥')
    }
    const isFollowed = sync && (await mayFollow(ctx, { stream: 'directory', corpId }, { here, wait }, io))
    const corp = await addCorp(ctx, actor, settings)
    io.say(`已接入企业 ${corp.name}（${corp.corpId}）\n\n${callbackText(ctx, corp)}\n`)
    const data = { corpId: corp.corpId, name: corp.name, callback: callbackSettings(ctx, corp) }
    if (!sync) return { data, text: '尚未同步；需要时执行 wisp sync run' }
    const first = await startAndFollow(ctx, corp.corpId, 'full', { wait: isFollowed, here }, io)
    return { ...first, data: { ...data, sync: first.data } }
  },
})

export const connectCommands = [add]
