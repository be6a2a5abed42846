import { type Static, Type } from 'typebox'
import type { TemplateCard } from '../../../upstream/wecom/cards/template-card.ts'
import { shownFileSchema } from '../../message-media/message-files.ts'
import type { PreviewIn } from '../channel.ts'
import type { MessageInput } from '../message-fields.ts'
import type { WecomContent } from './content.ts'
import { isPlainKind, type PlainContent } from './kinds.ts'
import { byteLength, limits } from './limits.ts'
import { shownAs } from './shown.ts'

/** How much of a field is used, in bytes or characters, and what is cut off. */
const counterSchema = Type.Object({
  field: Type.String(),
  used: Type.Number(),
  limit: Type.Number(),
  unit: Type.Enum(['byte', 'character']),
  cut: Type.String(),
})
export type Counter = Static<typeof counterSchema>

const card = {
  channel: Type.Literal('wecom'),
  title: Type.String(),
  description: Type.String(),
  url: Type.String(),
  counters: Type.Array(counterSchema),
}

/** A message as its receiver will see it. `parts` are the messages that a long text is split into. */
export const wecomPreviewSchemas = [
  Type.Object({ ...card, kind: Type.Literal('textcard'), btntxt: Type.String() }),
  Type.Object({ ...card, kind: Type.Literal('news'), picUrl: Type.String() }),
  Type.Object({
    channel: Type.Literal('wecom'),
    kind: Type.Literal('text'),
    parts: Type.Array(Type.Object({ text: Type.String(), bytes: Type.Number() })),
    counters: Type.Array(counterSchema),
  }),
  Type.Object({
    channel: Type.Literal('wecom'),
    kind: Type.Literal('template_card'),
    /** In WeCom's own fields, which its pages draw (server/upstream/wecom/cards/template-card.ts). */
    card: Type.Unsafe<TemplateCard>(Type.Record(Type.String(), Type.Unknown())),
    onPress: Type.Unsafe<Partial<{ replaceName: string; card: TemplateCard; replaceText: string }>>(
      Type.Record(Type.String(), Type.Unknown()),
    ),
    firstPressWins: Type.Boolean(),
    perPerson: Type.Boolean(),
    counters: Type.Array(counterSchema),
  }),
  Type.Object({
    channel: Type.Literal('wecom'),
    kind: Type.Literal('markdown'),
    content: Type.String(),
    counters: Type.Array(counterSchema),
  }),
  Type.Object({
    channel: Type.Literal('wecom'),
    kind: Type.Enum(['image', 'file', 'video']),
    file: shownFileSchema,
    title: Type.String(),
    description: Type.String(),
    safe: Type.Boolean(),
    counters: Type.Array(counterSchema),
  }),
  Type.Object({
    channel: Type.Literal('wecom'),
    kind: Type.Literal('miniprogram_notice'),
    title: Type.String(),
    description: Type.String(),
    items: Type.Array(Type.Object({ key: Type.String(), value: Type.String() })),
    counters: Type.Array(counterSchema),
  }),
] as const
export type WecomPreview = PreviewIn<typeof wecomPreviewSchemas>

/** `input` is what the caller sent, if known; it is needed to tell what was cut off. */
export function wecomPreview(content: WecomContent, input?: MessageInput): WecomPreview {
  if (content.kind === 'given') return wecomPreview(shownAs(content))
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
  if (content.kind === 'template_card') {
    const { kind, card, onPress = {}, firstPressWins, perPerson } = content
    return { channel: 'wecom', kind, card, onPress, firstPressWins, perPerson, counters: [] }
  }
  if (isPlain(content)) return plainPreview(content)
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

/** Whether a field of the content may be cut, so that its preview says what of. */
export const isCut = ({ kind }: WecomContent) =>
  kind !== 'template_card' && kind !== 'given' && !isPlainKind(kind)

const isPlain = (content: WecomContent): content is PlainContent & { safe?: true } =>
  isPlainKind(content.kind)

function plainPreview(content: PlainContent & { safe?: true }): WecomPreview {
  const { kind, safe = false } = content
  const channel = 'wecom' as const
  switch (kind) {
    case 'markdown':
      return {
        channel,
        kind,
        content: content.content,
        counters: [counter('content', content.content, content.content, limits.text)],
      }
    case 'miniprogram_notice': {
      const { title, description, items } = content
      return { channel, kind, title, description, items, counters: [] }
    }
    case 'video': {
      const { files, title, description } = content
      const counters = [
        counter('title', title, title, limits.title),
        counter('content', description, description, limits.description),
      ]
      return { channel, kind, file: files[0], title, description, safe, counters }
    }
    case 'image':
    case 'file':
      return { channel, kind, file: content.files[0], title: '', description: '', safe, counters: [] }
  }
}

function counter(field: string, asked: string, shown: string, limit: number): Counter {
  return { field, used: byteLength(asked), limit, unit: 'byte', cut: asked.slice(shown.length) }
}
