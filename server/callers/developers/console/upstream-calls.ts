import { Type } from 'typebox'
import { optionalText } from '../../../platform/http/input.ts'
import { owner, pageCall } from '../../../platform/http/page-call.ts'
import { languageAsked, wordsIn } from '../../../platform/words.ts'
import { catalogue, closedCalls } from '../../../upstream/catalogue/catalogue.ts'
import { vendors } from '../../../upstream/catalogue/entry.ts'

/** The calls of vendors that may be passed on, to choose from, and those that never are. */
export const listUpstreamCalls = pageCall({
  method: 'GET',
  path: '/web/developers/upstream-calls',
  access: owner,
  point: 'developer:read',
  input: { devId: optionalText('devId', { max: 64 }) },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        /** `wecom/checkin/getcheckindata`. */
        name: Type.String(),
        vendor: Type.Enum(vendors),
        methods: Type.Array(Type.String()),
        about: Type.String(),
        isPersonal: Type.Boolean(),
      }),
    ),
    /** Calls, and beginnings that end in a slash. */
    closed: Type.Array(Type.Object({ begins: Type.String(), why: Type.String() })),
  }),
  handle(_ctx: unknown, { request }) {
    const language = languageAsked(request)
    return {
      list: catalogue.map(({ name, vendor, methods, about, isPersonal }) => ({
        name,
        vendor,
        methods: [...methods],
        about: wordsIn(language, about),
        isPersonal,
      })),
      closed: vendors.flatMap(vendor =>
        closedCalls(vendor).map(({ begins, why }) => ({
          begins: `${vendor}/${begins}`,
          why: wordsIn(language, why),
        })),
      ),
    }
  },
})
