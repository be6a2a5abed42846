import { ApiError } from '../../platform/http/errors.ts'
import type { Definition, LanguageTemplates, Level } from './definition.ts'
import { type Plan, planOf } from './plan.ts'

type GivenType = {
  name: string
  text: string | undefined
  level: Level | undefined
  channels: Definition['channels'] | undefined
  templates: object | undefined
  sample: Definition['sample'] | undefined
} & { [P in keyof Plan]?: Plan[P] | undefined }

/** The definition of a call that may give one text alone. Throws 1000 and 1001. */
export function definitionOf({
  name,
  text,
  level = 'normal',
  channels,
  templates,
  sample,
  ...plan
}: GivenType): Definition {
  const rest = { name, level, ...(sample ? { sample } : {}), ...planOf(plan as Plan) }
  if (text === undefined) {
    if (!channels) throw new ApiError('missingParameter', 'channels')
    if (!templates) throw new ApiError('missingParameter', 'templates')
    return { ...rest, channels, templates: templates as Definition['templates'] }
  }
  if (channels || templates)
    throw new ApiError('badParameter', {
      zh: 'text 不能与 channels、templates 一起填',
      en: 'text cannot be given together with channels or templates',
    })
  const wecom: LanguageTemplates = { zh: { content: text } }
  return { ...rest, channels: ['wecom'], templates: { wecom } }
}
