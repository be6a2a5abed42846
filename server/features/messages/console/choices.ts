import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { isOn } from '../../../organisation/corps/features/check-on.ts'
import type { Core } from '../../../platform/core.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { languageOf, wordsIn } from '../../../platform/words.ts'
import type { Channel, Setups } from '../../channels/channel.ts'
import { anyChannelList } from '../../channels/channels.ts'
import type { SmsTemplates } from '../../channels/sms/templates-store.ts'
import { developerNames } from './console-store.ts'

/** Of more than so many places the newest are offered, because every page of messages reads them. */
const placesAtMost = 1000

/** Nothing for a channel to members; no places while its feature is off. */
function placesOf(
  ctx: { corps: Corps; messageSettings: Setups },
  corpId: string,
  [channel, { feature, placeChoice }]: readonly [string, Pick<Channel, 'feature' | 'placeChoice'>],
): { places?: { input: string; all: { id: string; name: string }[] } } {
  if (!placeChoice) return {}
  const isUsed = feature === undefined || isOn(ctx, corpId, feature)
  const all = isUsed ? placeChoice.all(ctx.messageSettings.setupOf(corpId, channel)) : []
  const offered = all.slice(-placesAtMost).map(({ id, name }) => ({ id, name }))
  return { places: { input: placeChoice.input, all: offered } }
}

const needSchema = Type.Optional(Type.Enum(['required', 'optional']))

/** Returns the choices of the filters and forms of the message centre. */
export const messageChoices = pageCall({
  method: 'GET',
  path: '/web/messages/choices',
  access: administrator('super'),
  point: 'message:read',
  input: {},
  output: Type.Object({
    channels: Type.Array(
      Type.Object({
        name: Type.String(),
        label: Type.String(),
        sendType: Type.String(),
        /** Whether what was sent can be taken back. */
        canRecall: Type.Boolean(),
        /** How an address that belongs to no member is called; '' where messages go to members only. */
        address: Type.String(),
        /** The composer's lines; absent for a channel with a composer of its own. */
        lines: Type.Optional(
          Type.Object({
            title: needSchema,
            content: needSchema,
            url: needSchema,
            btntxt: needSchema,
            attachments: needSchema,
          }),
        ),
        /** What a message goes to by a channel that reaches places and no members, and the input that names them. */
        places: Type.Optional(
          Type.Object({
            input: Type.String(),
            all: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
          }),
        ),
      }),
    ),
    developers: Type.Array(Type.Object({ name: Type.String(), devId: Type.String() })),
    agents: Type.Array(Type.Object({ agentId: Type.Number(), name: Type.String() })),
    templates: Type.Array(
      Type.Object({ id: Type.String(), params: Type.Array(Type.String()), text: Type.String() }),
    ),
  }),
  async handle(ctx: Core & { corps: Corps; messageSettings: Setups }, { corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const { extra } = ctx.messageSettings.setupOf<unknown, SmsTemplates>(corpId, 'sms')
    return {
      channels: anyChannelList.map(([name, { label, sendType, toAddress, lines, recall, ...channel }]) => ({
        name,
        label: wordsIn(language, label),
        sendType: sendType.value,
        canRecall: recall !== undefined,
        address: wordsIn(language, toAddress?.label ?? ''),
        ...(lines ? { lines } : {}),
        ...placesOf(ctx, corpId, [name, channel]),
      })),
      developers: await developerNames(ctx.db, corpId),
      agents: ctx.corps
        .get(corpId)
        .agents.filter(one => one.uses.includes('messages'))
        .map(one => ({ agentId: one.agentId, name: one.name })),
      templates: [...(extra?.values() ?? [])].map(({ id, params, text }) => ({ id, params, text })),
    }
  },
})
