import { optionsOf } from '../../../platform/acts/settings.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, givenOnly, type Output, UsageError } from '../../../platform/command/command.ts'
import { commandLanguage, said } from '../../../platform/command/language.ts'
import { facts, table, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import type { NeedsAttention } from '../../../platform/manifest/attention.ts'
import { attentionTable } from '../../../platform/manifest/attention-table.ts'
import type { WecomOptions } from '../clients/clients.ts'
import { type Corp, type Corps, callbackSettings, setCorp } from '../corps.ts'
import { type DoctorNeeds, runDoctor } from '../doctor/doctor.ts'
import { corpSecrets, corpSettings } from '../settings.ts'
import { directorySizes } from '../size-store.ts'
import { changeCorp } from '../tried-secrets.ts'
import { corpOf, corpPart } from './corp-parts.ts'
import { checkPart, examinedOutput, refusedSecret } from './secret-check.ts'

type Needs = Core & { corps: Corps }

export const regimes = {
  unknown: { zh: '未知（尚未同步）', en: 'unknown (not synced yet)' },
  full: { zh: '完整（可读全部字段）', en: 'full (all fields can be read)' },
  restricted: {
    zh: '受限（通讯录密钥只能读 id，姓名由应用读取）',
    en: 'limited (the contact secret reads ids only, names are read by WeCom apps)',
  },
} as const

const list = command({
  path: 'corp list',
  point: 'corp:read',
  summary: { zh: '列出已接入的企业', en: 'List connected corps' },
  parts: {},
  async run(ctx: Needs) {
    const sizeOf = await directorySizes(ctx.db)
    const corps = ctx.corps.all().map(corp => {
      const { departments, listed: members, tags } = sizeOf(corp.corpId)
      return {
        corpId: corp.corpId,
        name: corp.name,
        publicUrl: corp.publicUrl,
        regime: corp.regime,
        hintTokenRequired: corp.hintTokenRequired,
        callbackVerifiedAt: corp.callbackVerifiedAt,
        agents: corp.agents.length,
        departments,
        members,
        tags,
      }
    })
    const rows = corps.map(one => [
      one.corpId,
      one.name,
      said(regimes[one.regime]).replace(/（.*| \(.*/, ''),
      one.departments,
      one.members,
      one.tags,
      one.agents,
      when(one.callbackVerifiedAt, said({ zh: '从未', en: 'never' })),
    ])
    const heads = [
      said({ zh: '企业 ID', en: 'Corp ID' }),
      said({ zh: '名称', en: 'Name' }),
      said({ zh: '读取权限', en: 'Access' }),
      said({ zh: '部门', en: 'Departments' }),
      { zh: '成员', en: 'Members' },
      said({ zh: '标签', en: 'Tags' }),
      said({ zh: '应用', en: 'App' }),
      said({ zh: '回调验证', en: 'Callback verified' }),
    ]
    return {
      data: corps,
      text: table(heads, rows, {
        zh: '还没有企业，请执行 wisp corp add',
        en: 'there is no corp yet: run wisp corp add',
      }),
    }
  },
})

const set = command({
  path: 'corp set',
  point: 'corp:edit',
  summary: { zh: '修改企业的设置', en: 'Change the settings of a corp' },
  parts: {
    corp: corpPart,
    ...optionsOf(corpSecrets),
    check: checkPart,
    ...optionsOf(corpSettings),
  },
  async run(ctx: Needs & { wecomOptions: WecomOptions }, { corp: given, check, ...rest }) {
    const corpId = corpOf(ctx, given)
    const change = givenOnly(rest)
    if (Object.keys(change).length === 0)
      throw new UsageError({ zh: '没有要修改的设置', en: 'no setting to change was given' })
    if (check) {
      const { saved, checks } = await changeCorp(ctx, actor, corpId, change, { language: 'zh', force: false })
      if (!saved) return refusedSecret(checks)
    } else await setCorp(ctx, actor, corpId, change)
    const corp = ctx.corps.get(corpId)
    const isForWecom = ['publicUrl', 'callbackToken', 'encodingAesKey'].some(name => name in change)
    const data = { corpId, changed: Object.keys(change) }
    if (!isForWecom) return { data, text: said({ zh: '已保存', en: 'saved' }) }
    const callback = callbackSettings(ctx, corp)
    return {
      data: { ...data, callback },
      text: said({ zh: `已保存\n\n${callbackText(ctx, corp)}`, en: `saved\n\n${callbackText(ctx, corp)}` }),
    }
  },
})

/** Returns what is to be entered in WeCom's console. */
export function callbackText(ctx: Core, corp: Corp): string {
  const { url, token, encodingAesKey } = callbackSettings(ctx, corp)
  const values = facts([
    ['URL', url],
    ['Token', token],
    ['EncodingAESKey', encodingAesKey],
  ])
  return said({
    zh: `请在企业微信管理后台 管理工具 → 通讯录同步 → 设置接收事件服务器 填入:\n${values}`,
    en: `enter these in the WeCom console at 管理工具 → 通讯录同步 → 设置接收事件服务器 (Tools → Contacts sync → Event server):\n${values}`,
  })
}

const doctor = command({
  path: 'corp doctor',
  point: 'corp:edit',
  summary: {
    zh: '检查企业的接入：密钥、可信 IP、可见范围、回调、时钟；说明哪里要改',
    en: 'Check the connection of a corp: secrets, trusted IP, visibility, callback, clock; it says where to fix what',
  },
  details: {
    zh: '最后列出需要处理的事，与 alert list 相同。有多个企业而没有 --corp 时，逐个检查全部企业。有检查未通过时退出码为 1。',
    en: 'The last lines list what must be dealt with, as alert list does. Without --corp all corps are checked, one by one. The exit code is 1 if a check failed.',
  },
  parts: { corp: corpPart },
  async run(ctx: DoctorNeeds & { needsAttention: NeedsAttention }, { corp }, io): Promise<Output> {
    const all = ctx.corps.all()
    if (corp !== undefined || all.length < 2) return examined(ctx, corpOf(ctx, corp))
    const data: unknown[] = []
    let failed = false
    for (const { corpId, name } of all) {
      io.signal.throwIfAborted()
      const output = await examined(ctx, corpId)
      data.push({ corpId, ...Object(output.data) })
      failed ||= output.failed === true
      io.say(
        said({ zh: `${name}（${corpId}）\n${output.text}\n`, en: `${name} (${corpId})\n${output.text}\n` }),
      )
    }
    return {
      data,
      text: said({
        zh: `检查了 ${all.length} 个企业${failed ? '，有未通过的项目' : '，全部通过'}`,
        en: `checked ${all.length} corps${failed ? '; some checks failed' : '; all checks passed'}`,
      }),
      failed,
    }
  },
})

async function examined(
  ctx: DoctorNeeds & { needsAttention: NeedsAttention },
  corpId: string,
): Promise<Output> {
  const output = examinedOutput(await runDoctor(ctx, corpId, commandLanguage()))
  const rows = await ctx.needsAttention({ corpId, withInstallation: true })
  return rows.length === 0 ? output : { ...output, text: `${output.text}\n\n${attentionTable(rows)}` }
}

export const corpCommands = [list, set, doctor]
