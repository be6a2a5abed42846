import { Type } from 'typebox'
import { settingsSection } from '../../platform/manifest/settings-section.ts'
import { destinationOf } from './checkpoints/destination-store.ts'
import { type DestinationNeeds, setDestination, settingsOf } from './set-destination.ts'

const nothing = { url: '', members: [], mails: [], receiver: '', bucket: null }

/**
 * Where checkpoints go. A bucket without the secret key that it takes is refused: it is given on the page, or by the command. Programs cannot
 * change it.
 */
export const destinationSection = settingsSection({
  byPeople: nothing,
  shape: Type.Object(
    {
      url: Type.Optional(Type.String({ maxLength: 500 })),
      members: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 10 })),
      mails: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 10 })),
      receiver: Type.Optional(Type.String({ maxLength: 64 })),
      bucket: Type.Optional(
        Type.Union([
          Type.Object(
            {
              endpoint: Type.String({ maxLength: 500 }),
              region: Type.String({ maxLength: 64 }),
              bucket: Type.String({ maxLength: 63 }),
              addressing: Type.Enum(['virtual-host', 'path', 'own-domain']),
              prefix: Type.String({ maxLength: 200 }),
              accessKey: Type.String({ maxLength: 200 }),
            },
            { additionalProperties: false },
          ),
          Type.Null(),
        ]),
      ),
    },
    { additionalProperties: false },
  ),
  async read({ db }: DestinationNeeds, corpId) {
    return [settingsOf(await destinationOf(db, corpId))]
  },
  set: (ctx, actor, corpId, _key, change) => setDestination(ctx, actor, corpId, change),
})
