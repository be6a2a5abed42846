import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { TemplateKind } from '../../../upstream/official/calls/templates.ts'
import { fieldsOf, fitted, misfit, type TemplateField } from '../../official/templates/fields.ts'
import type { FilledField } from '../../official/templates/mapping.ts'
import type { Composition, ContentInput } from '../channel.ts'
import { httpUrl, type MessageInput, messageInput, needed, prefixed } from '../message-fields.ts'
import { type OfficialSetup, senderOf } from './settings.ts'

/** A line of the message. `isSentAt`: the value is the time of sending, which is not known before. */
export type OfficialRow = { name: string; label: string; value: string; isSentAt: boolean }

export type OfficialContent = {
  kind: 'official'
  originalId: string
  account: string
  templateId: string
  templateKind: TemplateKind
  title: string
  rows: OfficialRow[]
  url: string
}

/**
 * Fills the template of the account that sends. Texts are cut to what WeChat shows of them, 20 characters; other values have to
 * fit. Throws 1000, 1001 and 1008.
 */
export function officialContent(given: ContentInput, setup: OfficialSetup): Composition<OfficialContent> {
  const input = messageInput(given)
  const { account, template, fields } = senderOf(setup, given['agentId'] as string | undefined)
  const filled = new Map(fields.map(one => [one.field, one]))
  const isNamed = fields.some(one => one.from === 'agentName')
  const truncated = new Set<string>()
  const rows = fieldsOf(template).map((field): OfficialRow => {
    const { name, label } = field
    const { from, text = '' } = filled.get(name) ?? ({ from: 'text' } as FilledField)
    if (from === 'sentAt') return { name, label, value: '', isSentAt: true }
    if (from === 'text') return { name, label, value: text, isSentAt: false }
    const { value, isCut } = fitted(field, inputFor(from, input, isNamed))
    if (isCut) truncated.add(from)
    checkFits(from, field, value)
    return { name, label, value, isSentAt: false }
  })
  return {
    content: {
      kind: 'official',
      originalId: account.originalId,
      account: account.name,
      templateId: template.id,
      templateKind: template.kind,
      title: template.title,
      rows,
      url: input.url ? httpUrl('url', input.url) : '',
    },
    truncated: [...truncated],
    templateId: template.id,
  }
}

/**
 * The name of the application stands before the title (docs/interface/messages.md#sending-a-message), unless it has a field of
 * its own.
 */
function inputFor(from: 'title' | 'content' | 'agentName', input: MessageInput, isNamed: boolean): string {
  if (from !== 'title') return input[from]
  const title = needed('title', input.title)
  return isNamed ? title : prefixed(input.agentName, title)
}

function checkFits(input: string, field: TemplateField, value: string): void {
  const why = value === '' ? { zh: '为空', en: 'is empty' } : misfit(field, value)
  if (!why) return
  const { name, label } = field
  throw new ApiError('badParameter', {
    zh: told`${input} 不适合模板字段 ${name}（${label}）：${own(why.zh)}`,
    en: told`${input} does not fit the template's field ${name} (${label}): it ${own(why.en)}`,
  })
}
