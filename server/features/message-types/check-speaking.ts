import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import { wordsIn } from '../../platform/words.ts'
import type { Setups } from '../channels/channel.ts'
import { type ChannelName, channelOf } from '../channels/channels.ts'
import type { CompiledType } from './compile.ts'
import type { Definition, TypeLanguage } from './definition.ts'
import { render } from './render.ts'
import type { Data } from './templates/template.ts'

type Needs = Core & { corps: Corps; messageSettings: Setups }

/** Values for the variables that have no sample. */
const placeholder = '1'
const member = { name: '张三', userId: 'zhangsan', department: '部门' }

/** Values with which a type can be shown: its own, and a stand-in for each variable that has none. */
export function sampleData({ sample = {} }: Definition, { needs, may }: CompiledType): Data {
  const sampleOf = (name: string) => (Object.hasOwn(sample, name) ? sample[name]! : placeholder)
  return Object.fromEntries([...needs, ...may].map(name => [name, sampleOf(name)]))
}

/**
 * Tries each text of a type as its owner would send it. Throws 1002 for a sender that the owner may not use, and 1000, 1001 for a text that
 * its channel does not take; what only the values of a send can tell is found when all variables have samples. A channel that is not set up
 * yet is set up later.
 */
export async function checkSpeaking(
  ctx: Needs,
  owner: Caller,
  definition: Definition,
  compiled: CompiledType,
): Promise<void> {
  const { sample = {} } = definition
  const isSampled = [...compiled.needs, ...compiled.may].every(name => Object.hasOwn(sample, name))
  for (const [channel, texts] of compiled.templates)
    for (const [language, { chosen }] of texts) {
      const setup = ctx.messageSettings.setupOf(owner.corpId, channel)
      await unlessNotSetUp(async () => channelOf(channel).agentOf?.(ctx, owner, chosen['agentId'], setup))
      if (isSampled || compiled.needs.length === 0)
        await unlessNotSetUp(async () => tryText(ctx, owner, { definition, compiled }, channel, language))
      else checkComplete(definition, channel, language)
    }
}

function tryText(
  ctx: Needs,
  owner: Caller,
  type: { definition: Definition; compiled: CompiledType },
  channel: ChannelName,
  language: TypeLanguage,
): void {
  const zone = ctx.corps.get(owner.corpId).timeZone
  const data = sampleData(type.definition, type.compiled)
  const link = standInLink(type.definition, channel, language)
  const given = render(type, channel, language, { data, member, zone }, link)
  try {
    channelOf(channel).compose(given, ctx.messageSettings.setupOf(owner.corpId, channel))
  } catch (error) {
    throw error instanceof ApiError ? inTemplate(error, `templates.${channel}.${language}`) : error
  }
}

/** The channel names its input alone, and a type has several texts. */
function inTemplate({ error, detail }: ApiError, place: string): ApiError {
  return new ApiError(error, {
    zh: told`${own(place)}：${wordsIn('zh', detail)}`,
    en: told`${own(place)}: ${wordsIn('en', detail)}`,
  })
}

/** An address for a card whose own comes with each send. */
export function standInLink(
  { templates }: Definition,
  channel: ChannelName,
  language: TypeLanguage,
): string | undefined {
  const { msgType = '03', url } = templates[channel]?.[language] ?? {}
  return msgType !== '03' && url === undefined ? 'https://example.com/' : undefined
}

/** What a text lacks whatever its values are. Throws 1001. */
function checkComplete({ templates }: Definition, channel: ChannelName, language: TypeLanguage): void {
  const template = templates[channel]?.[language] ?? {}
  const needed = neededFields(channel, template.msgType)
  const missing = needed.find(field => template[field] === undefined)
  if (missing)
    throw new ApiError('missingParameter', told`${own(`templates.${channel}.${language}.${missing}`)}`)
}

type NeededField = 'title' | 'content' | 'templateId'

/** The address may come with each send (`link`), and how many variables an SMS takes is known to its template alone. */
function neededFields(channel: ChannelName, msgType: string | undefined): NeededField[] {
  const { fields, lines } = channelOf(channel)
  if ('templateId' in fields) return ['templateId']
  const isTitled = lines?.title === 'required' || (msgType !== undefined && msgType !== '03')
  return isTitled ? ['title', 'content'] : ['content']
}

async function unlessNotSetUp(work: () => unknown): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof ApiError && error.error === 'messageCentre')) throw error
  }
}
