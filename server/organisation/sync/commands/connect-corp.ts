import { actor } from '../../../platform/command/actor.ts'
import { command, givenOnly } from '../../../platform/command/command.ts'
import { commandLanguage, said } from '../../../platform/command/language.ts'
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
  summary: {
    zh: '接入一个企业，显示要填到企业微信的回调设置，并开始首次同步',
    en: 'Connect a corp, show the callback settings to enter in WeCom, and begin the first sync',
  },
  details: {
    zh: '企业微信拒绝密钥时不保存，退出码为 1；--no-check 不验证。未给出 Token 与 EncodingAESKey 时自动生成。多个参数为 - 时，按本页列出的顺序各读一行。',
    en: 'If WeCom refuses the secret, nothing is saved and the exit code is 1; --no-check does not ask. Token and EncodingAESKey are generated unless given. Several inputs of - each read a line, in the order of this page.',
  },
  parts: {
    corpId: requiredText('--corp-id <id>', {
      zh: '企业 ID（我的企业 → 企业信息）',
      en: 'corp ID (我的企业 → 企业信息, My company → Company information)',
    }),
    name: requiredText('--name <text>', { zh: '企业名称', en: 'name of the corp' }),
    contactSecret: requiredSecret('--contact-secret <secret>', {
      zh: '通讯录同步密钥（管理工具 → 通讯录同步）',
      en: 'contact secret (管理工具 → 通讯录同步, Tools → Contacts sync)',
    }),
    publicUrl: corpSettings.publicUrl.option,
    callbackToken: corpSecrets.callbackToken.option,
    encodingAesKey: corpSecrets.encodingAesKey.option,
    check: checkPart,
    sync: toggle('--no-sync', { zh: '不开始首次同步', en: 'do not begin the first sync' }),
    wait: toggle('--no-wait', { zh: '不等待首次同步结束', en: 'do not wait for the end of the first sync' }),
    here,
  },
  async run(ctx: Needs, { check, sync, wait, here, corpId, name, contactSecret, ...rest }, io) {
    const settings = { corpId, name, contactSecret, ...givenOnly(rest) }
    if (check) {
      checkNewCorp(ctx, settings)
      const tried = await tryContactSecret(ctx, corpId, contactSecret, commandLanguage())
      if (tried.refused) return refusedSecret(tried.checks)
      io.say(said({ zh: '企业微信接受了密钥', en: 'WeCom accepted the secret' }))
    }
    const isFollowed = sync && (await mayFollow(ctx, { stream: 'directory', corpId }, { here, wait }, io))
    const corp = await addCorp(ctx, actor, settings)
    io.say(
      said({
        zh: `已接入企业 ${corp.name}（${corp.corpId}）\n\n${callbackText(ctx, corp)}\n`,
        en: `connected the corp ${corp.name} (${corp.corpId})\n\n${callbackText(ctx, corp)}\n`,
      }),
    )
    const data = { corpId: corp.corpId, name: corp.name, callback: callbackSettings(ctx, corp) }
    if (!sync)
      return {
        data,
        text: said({
          zh: '尚未同步；需要时执行 wisp sync run',
          en: 'not synced yet; run wisp sync run when needed',
        }),
      }
    const first = await startAndFollow(ctx, corp.corpId, 'full', { wait: isFollowed, here }, io)
    return { ...first, data: { ...data, sync: first.data } }
  },
})

export const connectCommands = [add]
