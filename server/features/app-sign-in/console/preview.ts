import { type Static, Type } from 'typebox'
import type { Developers } from '../../../callers/developers/developers.ts'
import { mayCome } from '../../../callers/sign-in/ways/may-come.ts'
import { reasonIn } from '../../../callers/sign-in-log/sign-in-words.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { isHere, type MemberCore } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../../organisation/directory/permissions/person.ts'
import type { Core } from '../../../platform/core.ts'
import { type Language, wordsIn } from '../../../platform/words.ts'
import type { App } from '../../apps/app.ts'
import { visibilityFor } from '../../apps/visibility.ts'
import type { AppSignIn } from '../app-sign-in.ts'
import { releaseOf } from '../claims/release.ts'
import type { EntryRefusal } from '../who-may.ts'

export const previewSchema = Type.Object({
  userName: Type.String(),
  /** Why the person could not enter, in words; '' where they could. */
  whyNot: Type.String(),
  /** What the application receives, as JSON or XML; '' where it receives nothing. */
  text: Type.String(),
})
type Preview = Static<typeof previewSchema>

type Needs = Core & { corps: Corps; developers: Developers; mirrors: Mirrors; roles: Roles }

/** What an application would be told of a member by these settings, or why they could not enter it. */
export async function previewOf(
  ctx: Needs,
  app: App,
  draft: AppSignIn,
  member: MemberCore,
  language: Language,
): Promise<Preview> {
  const whyNot = await whyOutside(ctx, app, member)
  const nothing = (reason: string): Preview => ({
    userName: '',
    whyNot: wordsIn(language, reasonIn(reason)),
    text: '',
  })
  if (whyNot) return nothing(whyNot)
  if (draft.kind === 'none') return { userName: '', whyNot: '', text: '' }
  const release = await releaseOf(ctx, app, draft, member)
  if ('noName' in release) return nothing(release.noName)
  const { userName, claims, attributes } = release
  const text =
    draft.kind === 'oidc'
      ? JSON.stringify({ sub: String(member.id), ...claims, ...attributes }, null, 2)
      : serviceResponse(userName, { ...claims, ...attributes })
  return { userName, whyNot: '', text }
}

/** As `whoMay`, which asks the stored settings. */
async function whyOutside(ctx: Needs, app: App, member: MemberCore): Promise<EntryRefusal | undefined> {
  if (!app.enabled) return 'app-off'
  if (!isHere(member)) return 'left'
  if (!(await mayCome(ctx, app.corpId, member))) return 'inactive'
  const mirror = await ctx.mirrors.load(app.corpId)
  return visibilityFor(mirror, member)(app.visibility) ? undefined : 'not-visible'
}

const escaped: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const xml = (text: string) => text.replace(/[&<>]/g, one => escaped[one] ?? one)

function serviceResponse(userName: string, attributes: Record<string, unknown>): string {
  const lines = Object.entries(attributes).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map(one => {
      const text = typeof one === 'object' ? JSON.stringify(one) : String(one)
      return `      <cas:${name}>${xml(text)}</cas:${name}>`
    }),
  )
  const inner = lines.length ? ['    <cas:attributes>', ...lines, '    </cas:attributes>'] : []
  return [
    '<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">',
    '  <cas:authenticationSuccess>',
    `    <cas:user>${xml(userName)}</cas:user>`,
    ...inner,
    '  </cas:authenticationSuccess>',
    '</cas:serviceResponse>',
  ].join('\n')
}
