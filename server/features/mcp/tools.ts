import type { Corps } from '../../organisation/corps/corps.ts'
import { isOn } from '../../organisation/corps/features/check-on.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { schemaIn } from '../../platform/http/documents/schema-words.ts'
import { type Fields, objectSchema } from '../../platform/http/input.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { AnyTool } from '../../platform/manifest/tool.ts'
import { type Language, type Words, wordsIn } from '../../platform/words.ts'

/** The tools of calls that the developer has the scope for, and its corp has switched on. */
export function toolsOf(
  ctx: { corps: Corps; offered: FeatureOffers },
  { corpId, scopes }: Caller,
): readonly AnyTool[] {
  const { tools, optionalOf } = ctx.offered
  return tools.filter(({ endpoint: { access, path } }) => {
    const feature = optionalOf(path)
    if (feature !== undefined && !isOn(ctx, corpId, feature)) return false
    return access.by !== 'developer' || access.scope === undefined || scopes.has(access.scope)
  })
}

const confirm: Words = {
  zh: 'true：确认执行；不填则只预览，什么都不做',
  en: 'true: do it; otherwise it is only previewed and nothing is done',
}

const confirmedId: Words = {
  zh: '预览的应答给出的 requestId，只与 confirm: true 一起填写',
  en: 'the requestId that the preview answered, given with confirm: true only',
}

/** A tool as `tools/list` tells of it. */
export function describe(tool: AnyTool, language: Language): Record<string, unknown> {
  const { name, inputs, endpoint } = tool
  const isConfirmed = tool.confirmed !== undefined
  const fields: Fields = Object.fromEntries(inputs.map(key => [key, endpoint.input[key]!]))
  const schema = schemaIn(language, objectSchema(fields)) as {
    properties: Record<string, Record<string, unknown>>
    required?: string[]
  }
  const described = Object.entries(schema.properties).map(([key, value]) => [
    key,
    inputOf(tool, key, value, language),
  ])
  return {
    name,
    title: wordsIn(language, tool.title),
    description: wordsIn(language, tool.description),
    inputSchema: {
      type: 'object',
      properties: {
        ...Object.fromEntries(described),
        ...(isConfirmed ? confirmInputs(tool, language) : {}),
      },
      required: schema.required ?? [],
      additionalProperties: false,
    },
    annotations: {
      readOnlyHint: !isConfirmed,
      destructiveHint: isConfirmed,
      idempotentHint: true,
      openWorldHint: isConfirmed,
    },
  }
}

function confirmInputs({ inputs }: AnyTool, language: Language): Record<string, object> {
  const id = { type: 'string', description: wordsIn(language, confirmedId) }
  return {
    ...(inputs.includes('requestId') ? {} : { requestId: id }),
    confirm: { type: 'boolean', description: wordsIn(language, confirm) },
  }
}

/** An input as its declaration has it; its text may name the call's default, so that another is said beside it. */
function inputOf(
  { defaults = {}, confirmed }: AnyTool,
  key: string,
  declared: Record<string, unknown>,
  language: Language,
) {
  if (confirmed && key === 'requestId') return { ...declared, description: wordsIn(language, confirmedId) }
  if (!(key in defaults)) return declared
  const value = defaults[key]
  const own = { zh: `（此工具默认 ${value}）`, en: ` (this tool: ${value} by default)` }
  return { ...declared, description: `${declared['description']}${own[language]}`, default: value }
}
