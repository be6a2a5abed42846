import type { Developers } from '../../../callers/developers/developers.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import type { Language } from '../../../platform/words.ts'
import { addApp } from '../../apps/apps.ts'
import type { Apps } from '../../apps/catalog.ts'
import type { AppSignIns } from '../catalog.ts'
import { putSignIn, setSignIn } from '../set-sign-in.ts'
import type { Setter } from '../setting/settings.ts'
import { programOf, settingsFor } from './programs.ts'

type Needs = Core & { apps: Apps; appSignIns: AppSignIns; corps: Corps }

/** A program at its address; `language` is that of the purposes. */
export type Connection = { program: string; address: string; language: Language }

/** Adds an app for a program, which people sign in to from then on. Throws 1000, 1001. */
export async function addProgram(
  ctx: Needs & { developers: Developers; mirrors: Pick<Mirrors, 'load'> },
  by: Setter,
  corpId: string,
  { program, address, language, name, icon }: Connection & { name: string; icon: Buffer | undefined },
): Promise<{ id: string; clientSecret: string }> {
  const { home, settings } = settingsFor(programOf(program), address, language)
  let clientSecret = ''
  const app = { name, homeUrl: home, ...(icon ? { icon } : {}) }
  const { id } = await addApp(ctx, by.actor, corpId, app, async (tx, appId) => {
    clientSecret = await putSignIn(tx, ctx, by, { corpId, appId }, settings)
  })
  return { id, clientSecret }
}

/** Signs people in to an app that is this program. Throws 1000, and 409 for a `version` that is not the stored one. */
export async function connectProgram(
  ctx: Needs,
  by: Setter,
  corpId: string,
  { program, address, language, id, version }: Connection & { id: string; version: number | undefined },
): Promise<{ id: string; clientSecret: string }> {
  const { settings } = settingsFor(programOf(program), address, language)
  const { clientSecret } = await setSignIn(ctx, by, corpId, id, settings, version)
  return { id, clientSecret }
}
