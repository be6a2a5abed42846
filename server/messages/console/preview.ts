import { type Static, Type } from 'typebox'
import {
  byteLength,
  type EmailContent,
  limits,
  type MessageInput,
  type WecomContent,
} from '../accept/content.ts'
import type { SmsTemplate } from '../settings/settings.ts'

/** How much of a field is used, in bytes or characters, and what is cut off. */
const counterSchema = Type.Object({
  field: Type.String(),
  used: Type.Number(),
  limit: Type.Number(),
  unit: Type.Enum(['byte', 'character']),
  cut: Type.String(),
})
export type Counter = Static<typeof counterSchema>

/** A message as its receiver will see it. `parts` are the messages that a long text is split into. */
export const previewSchema = Type.Union([
  Type.Object({
    channel: Type.Literal('wecom'),
    kind: Type.Literal('textcard'),
    title: Type.String(),
    description: Type.String(),
    url: Type.String(),
    btntxt: Type.String(),
    counters: Type.Array(counterSchema),
  }),
  Type.Object({
    channel: Type.Literal('wecom'),
    kind: Type.Literal('news'),
    title: Type.String(),
    description: Type.String(),
    url: Type.String(),
    picUrl: Type.String(),
    counters: Type.Array(counterSchema),
  }),
  Type.Object({
    channel: Type.Literal('email'),
    from: Type.String(),
    subject: Type.String(),
    text: Type.String(),
    url: Type.String(),
    btntxt: Type.String(),
  }),
  Type.Object({
    channel: Type.Literal('wecom'),
    kind: Type.Literal('text'),
    parts: Type.Array(
      Type.Object({
        text: Type.String(),
        bytes: Type.Number(),
      }),
    ),
    counters: Type.Array(counterSchema),
  }),
  Type.Object({
    channel: Type.Literal('sms'),
    sign: Type.String(),
    text: Type.String(),
    params: Type.Array(
      Type.Object({
        name: Type.String(),
        value: Type.String(),
      }),
    ),
    /** Length in UTF-16 units including the signature, as vendors count it. */
    characters: Type.Number(),
    segments: Type.Number(),
  }),
])
export type Preview = Static<typeof previewSchema>

/** `input` is what the caller sent, if known; it is needed to tell what was cut off. */
export function wecomPreview(content: WecomContent, input?: MessageInput): Preview {
  if (content.kind === 'text') {
    const whole = input
      ? byteLength(input.content)
      : content.chunks.reduce((sum, one) => sum + byteLength(one), 0)
    return {
      channel: 'wecom',
      kind: 'text',
      parts: content.chunks.map(text => ({ text, bytes: byteLength(text) })),
      counters: [{ field: 'content', used: whole, limit: limits.wholeText, unit: 'byte', cut: '' }],
    }
  }
  const { title, description, url } = content
  const asked = input && { title: `【${input.agentName}】${input.title ?? ''}`, description: input.content }
  const common = { channel: 'wecom' as const, title, description, url }
  const counters = [
    counter('title', asked?.title ?? title, title, limits.title),
    counter('content', asked?.description ?? description, description, limits.description),
    counter('url', url, url, limits.url),
  ]
  if (content.kind === 'news') return { ...common, kind: 'news', picUrl: content.picUrl, counters }
  const label = input?.btntxt ?? content.btntxt
  const button: Counter = {
    field: 'btntxt',
    used: [...label].length,
    limit: limits.btntxt,
    unit: 'character',
    cut: label.slice(content.btntxt.length),
  }
  return { ...common, kind: 'textcard', btntxt: content.btntxt, counters: [...counters, button] }
}

function counter(field: string, asked: string, shown: string, limit: number): Counter {
  return { field, used: byteLength(asked), limit, unit: 'byte', cut: asked.slice(shown.length) }
}

export function emailPreview({ subject, text, url, btntxt }: EmailContent, from: string): Preview {
  return { channel: 'email', from, subject, text, url, btntxt }
}

/** `text` is '' when the template's wording is not registered here, since only the vendor knows it. */
export const smsPreviewSchema = Type.Object({
  sign: Type.String(),
  text: Type.String(),
  params: Type.Array(
    Type.Object({
      name: Type.String(),
      value: Type.String(),
    }),
  ),
  /** Length in UTF-16 units including the signature, as vendors count it. */
  characters: Type.Number(),
  segments: Type.Number(),
})
export type SmsPreview = Static<typeof smsPreviewSchema>

/** Characters per mainland SMS: 70 in a single one, 67 in each of several (upstream.md §8). */
export const segmentSizes = { only: 70, ofSeveral: 67 }

export function smsPreview(
  template: Pick<SmsTemplate, 'params' | 'text'>,
  sign: string,
  values: readonly string[],
): SmsPreview {
  const params = template.params.map((name, index) => ({ name, value: values[index] ?? '' }))
  const body = filled(template.text, params)
  const text = body && sign ? `【${sign}】${body}` : body
  return { sign, text, params, characters: text.length, segments: segmentsOf(text) }
}

export function segmentsOf(text: string): number {
  if (text.length <= segmentSizes.only) return text ? 1 : 0
  return Math.ceil(text.length / segmentSizes.ofSeveral)
}

/** Fills in the variables: Tencent writes `{1}`, Aliyun `${name}`. */
function filled(text: string, params: { name: string; value: string }[]): string {
  return text.replace(/\$\{(\w+)\}|\{(\d+)\}/g, (whole, name: string | undefined, n: string | undefined) => {
    const found = name === undefined ? params[Number(n) - 1] : params.find(one => one.name === name)
    return found?.value || whole
  })
}
