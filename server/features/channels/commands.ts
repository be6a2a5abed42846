import { readFileSync } from 'node:fs'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { actor } from '../../platform/command/actor.ts'
import { type CommandPart, command, type Parts, UsageError } from '../../platform/command/command.ts'
import { comma, said } from '../../platform/command/language.ts'
import { choice, integer, list, requiredText, secret, text, toggle } from '../../platform/command/parts.ts'
import { facts, table } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { wordsIn } from '../../platform/words.ts'
import type { Channel } from './channel.ts'
import { type ChannelName, channelList } from './channels.ts'
import type { SettingField } from './setting-field.ts'
import {
  type MessageSettingsOfCorps,
  openSettings,
  orderPlaces,
  type Settings,
  setChannel,
  setKeepDays,
  setupAt,
  switchOffChannel,
} from './settings/settings.ts'
import { keepDaysOf } from './settings-store.ts'
import { putTemplate, removeTemplate } from './sms/templates.ts'
import type { SmsTemplate, SmsTemplates } from './sms/templates-store.ts'

type Needs = Core & { corps: Corps; messageSettings: MessageSettingsOfCorps }

/** `--smtp-host <host>` is given as `smtpHost`, `--no-smtp` as `smtp`. */
function nameOfFlag(flag: string): string {
  const [words = ''] = flag.replace(/^--(no-)?/, '').split(' ')
  return words.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function partOf({ flag, flagHelp, label, schema, ...field }: SettingField): CommandPart<unknown> {
  const help = flagHelp ?? label
  const { minimum, maximum } = schema as { minimum?: number; maximum?: number }
  if (field.secret) return secret(flag, help)
  if (field.isText) return { ...text(flag, help), kind: 'file' }
  if (minimum !== undefined && maximum !== undefined)
    return integer(flag, help, { min: minimum, max: maximum })
  return field.choices
    ? choice(
        flag,
        help,
        field.choices.map(one => one.value),
      )
    : text(flag, help)
}

/** The options of a channel, and the one that turns it off. */
function partsOf({ settings: { fields, offFlag }, label }: Channel): Parts {
  const parts = Object.values(fields).map(field => [nameOfFlag(field.flag), partOf(field)])
  const off = offFlag
    ? [[nameOfFlag(offFlag), toggle(offFlag, { zh: `停用${label.zh}`, en: `switch off ${label.en}` })]]
    : []
  return Object.fromEntries([...parts, ...off])
}

const ownParts = {
  corp: corpPart,
  confirm: text('--confirm <channel>', {
    zh: '停用渠道时再次输入它的名称',
    en: 'name of the channel again, to switch it off',
  }),
  place: integer(
    '--place <n>',
    { zh: '第几家服务商，从 1 起；默认第一家', en: 'which vendor, from 1; by default the first' },
    { min: 1, max: 3 },
  ),
  order: list('--sms-order <names>', {
    zh: '短信服务商的顺序，逗号分隔，写全',
    en: 'order of the SMS vendors, separated by commas, all of them',
  }),
  keepDays: integer(
    '--keep-days <n>',
    { zh: '消息保留天数，默认 180', en: 'days that messages are kept, 180 by default' },
    { min: 1, max: 3650 },
  ),
}

const config = command({
  path: 'message config',
  point: 'message:settings',
  summary: {
    zh: '查看或修改消息中心的配置；只给出要修改的项',
    en: 'Show or change the settings of the message centre; give only what is to change',
  },
  parts: { ...(Object.assign({}, ...channelList.map(([, one]) => partsOf(one))) as Parts), ...ownParts },
  async run(ctx: Needs, given) {
    const { corp, keepDays, order } = given as { corp?: string; keepDays?: number; order?: string[] }
    const corpId = corpOf(ctx, corp)
    checkConfirmed(given)
    if (keepDays !== undefined) await setKeepDays(ctx, actor, corpId, keepDays)
    for (const [name, channel] of channelList) await configure(ctx, corpId, name, channel, given)
    if (order) await orderPlaces(ctx, actor, corpId, 'sms', order)
    return describe(ctx, corpId)
  },
})

type ConfigOptions = Record<string, unknown> & { confirm?: string | undefined; place?: number | undefined }

const isTurnedOff = (offFlag: string | undefined, given: ConfigOptions) =>
  offFlag !== undefined && given[nameOfFlag(offFlag)] === false

/** Asked before anything is changed. */
function checkConfirmed(given: ConfigOptions): void {
  for (const [name, { settings, label }] of channelList)
    if (isTurnedOff(settings.offFlag, given) && given.confirm === undefined)
      throw new UsageError({
        zh: `${settings.offFlag} 会删除${label.zh}的全部配置，须再给出 --confirm ${name}`,
        en: `${settings.offFlag} deletes all settings of ${label.en}: add --confirm ${name}`,
      })
}

/** Merges what is given into the present settings. */
async function configure(
  ctx: Needs,
  corpId: string,
  name: ChannelName,
  { settings: { fields, offFlag } }: Channel,
  given: ConfigOptions,
): Promise<void> {
  const { place = 1 } = given
  if (isTurnedOff(offFlag, given))
    return switchOffChannel(ctx, actor, corpId, name, given.confirm ?? '', { place })
  const changes: Settings = {}
  for (const [field, { flag, isText }] of Object.entries(fields)) {
    const value = given[nameOfFlag(flag)]
    if (value !== undefined) changes[field] = isText && value ? readFileSync(String(value), 'utf8') : value
  }
  if (Object.keys(changes).length === 0) return
  const stored = setupAt(ctx.messageSettings.setupOf(corpId, name), place)
  const now = openSettings(name, stored)
  const nameOf = (field: string) => fields[field]?.flag.split(' ')[0] ?? field
  await setChannel(ctx, actor, corpId, name, { ...now, ...changes }, { nameOf, place }).catch(
    (error: unknown) => {
      if (!(error instanceof ApiError) || error.error !== 'missingParameter') throw error
      throw new UsageError({
        zh: `缺少 ${wordsIn('zh', error.detail)}`,
        en: `${wordsIn('en', error.detail)} is missing`,
      })
    },
  )
}

/** Describes the settings without their secrets. */
async function describe(ctx: Needs, corpId: string) {
  const keepDays = await keepDaysOf(ctx.db, corpId)
  const shown = channelList.map(([name, channel]) => {
    const setup = ctx.messageSettings.setupOf(corpId, name)
    const open = openSettings(name, setup)
    const words = open ? Object.values(open).join(' ') : said({ zh: '未配置', en: 'not set' })
    const facts: [string, string | number][] = [[said(channel.label), words]]
    return channel.settings.describe?.(setup) ?? { data: { [name]: open ?? null }, facts }
  })
  const data = Object.assign({ corpId, keepDays }, ...shown.map(one => one.data))
  return {
    data,
    text: facts([...shown.flatMap(one => one.facts), [{ zh: '保留天数', en: 'Days kept' }, keepDays]]),
  }
}

const templateId = requiredText('<id>', {
  zh: '模板 id，即接口的 templateId',
  en: 'template id, the templateId of the API',
})

const templatesList = command({
  path: 'message templates list',
  point: 'message:read',
  summary: { zh: '列出短信模板', en: 'List SMS templates' },
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const { extra } = ctx.messageSettings.setupOf<unknown, SmsTemplates>(corpOf(ctx, corp), 'sms')
    const data = [...(extra?.values() ?? [])]
    const idsOf = ({ vendorId, vendors }: SmsTemplate) =>
      [vendorId, ...Object.entries(vendors).map(([way, { id }]) => `${way}=${id}`)].join(' ')
    const rows = data.map(one => [one.id, idsOf(one), one.signName, one.params.join(said(comma)), one.text])
    return {
      data,
      text: table(
        [
          { zh: '模板', en: 'Template' },
          { zh: '服务商模板', en: 'Templates at the vendors' },
          { zh: '签名', en: 'Signature' },
          { zh: '变量', en: 'Variables' },
          { zh: '内容', en: 'Content' },
        ],
        rows,
      ),
    }
  },
})

function vendorsGiven(given: readonly string[]): SmsTemplate['vendors'] {
  return Object.fromEntries(
    given.map(one => {
      const [, way, id, params] = /^([a-z0-9-]{1,20})=([^:]+)(?::(.*))?$/.exec(one) ?? []
      if (!way || !id)
        throw new UsageError({
          zh: `--vendors：“${one}”应写作 服务商=模板编号，如 huawei=8ff5`,
          en: `--vendors: ${one} should be written as vendor=template id, such as huawei=8ff5`,
        })
      return [way, { id, signName: '', params: params ? params.split('/') : [] }]
    }),
  )
}

const templatesPut = command({
  path: 'message templates put',
  point: 'message:settings',
  summary: { zh: '登记短信模板；已登记的则更新', en: 'Add an SMS template, or update it' },
  parts: {
    id: templateId,
    corp: corpPart,
    vendorId: text('--vendor-id <id>', {
      zh: '第一家服务商处的模板 id；HTTP 网关不用',
      en: 'template id at the first vendor; an HTTP gateway takes none',
    }),
    vendors: list('--vendors <name=id:params>', {
      zh: '其他服务商处的模板，逗号分隔，如 huawei=8ff5:minute/code；变量照登记的顺序时不写',
      en: 'templates at the other vendors, separated by commas, such as huawei=8ff5:minute/code; variables in the registered order can be left out',
    }),
    params: list('--params <names>', {
      zh: '变量名，按接口 params 的顺序，逗号分隔；阿里云按名称取值',
      en: 'names of the variables in the order of params, separated by commas; Aliyun takes them by name',
    }),
    signName: text('--sign-name <name>', {
      zh: '签名，默认为短信配置的签名',
      en: 'signature, by default that of the SMS settings',
    }),
    words: text('--text <text>', { zh: '模板内容，供预览', en: 'content of the template, for previews' }),
  },
  async run(ctx: Needs, { id, corp, vendorId, vendors, params, signName, words }) {
    const given = {
      id,
      vendorId: vendorId ?? '',
      params: params ?? [],
      signName: signName ?? '',
      text: words ?? '',
    }
    const template = vendors ? { ...given, vendors: vendorsGiven(vendors) } : given
    await putTemplate(ctx, actor, corpOf(ctx, corp), template)
    return {
      data: template,
      text: said({
        zh: `已登记短信模板 ${id}（${template.params.length} 个变量）`,
        en: `added the SMS template ${id} (${template.params.length} variables)`,
      }),
    }
  },
})

const templatesRemove = command({
  path: 'message templates remove',
  point: 'message:settings',
  summary: { zh: '移除短信模板', en: 'Remove an SMS template' },
  parts: { id: templateId, corp: corpPart },
  async run(ctx: Needs, { id, corp }) {
    await removeTemplate(ctx, actor, corpOf(ctx, corp), id)
    return { data: { id }, text: said({ zh: `已移除短信模板 ${id}`, en: `removed the SMS template ${id}` }) }
  },
})

export const channelCommands = [config, templatesList, templatesPut, templatesRemove]
