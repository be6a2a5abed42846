import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { FeatureOffers, OfferedSection } from '../../platform/manifest/offered.ts'
import { canonical, type Difference, type Keys, type Step, stepsOf } from './difference.ts'
import { fileText, readSettingsFile, type SettingsFile } from './settings-file.ts'

type Needs = Core & { corps: Corps; mirrors: Pick<Mirrors, 'during'>; offered: FeatureOffers }

/** Returns the settings of a corp as a file, without its secrets. */
export async function exportSettings(ctx: Needs, corpId: string): Promise<string> {
  ctx.corps.get(corpId)
  const { settings } = ctx.offered
  const read = async () => {
    const sections: [string, Awaited<ReturnType<OfferedSection['read']>>][] = []
    for (const section of settings) sections.push([section.name, await section.read(corpId)])
    return fileText({ corpId, sections: new Map(sections) }, settings)
  }
  return ctx.mirrors.during(corpId, read)
}

/** Whose settings a file holds: those of the corp that it names, unless it is meant for another. Throws 1000. */
export function readSettings(ctx: Needs, text: string, corpId: string | undefined): SettingsFile {
  const file = readSettingsFile(text, ctx.offered.settings)
  return { ...file, corpId: ctx.corps.get(corpId ?? file.corpId).corpId }
}

/** What `applySettings` would change. Throws 1000 for an item that cannot be made from a file. */
export async function compareSettings(ctx: Needs, file: SettingsFile): Promise<Difference[]> {
  return (await planOf(ctx, file)).differences
}

type Plan = {
  differences: Difference[]
  /** What each setting of each item that there is was, in a form that can be compared. */
  before: ReadonlyMap<string, ReadonlyMap<string, string>>
}

async function planOf(ctx: Needs, file: SettingsFile): Promise<Plan> {
  const differences: Difference[] = []
  const before = new Map<string, ReadonlyMap<string, string>>()
  await ctx.mirrors.during(file.corpId, () =>
    eachStep(ctx, file, async (section, step) => {
      const place = placeOf(section, step)
      await refusedAt(place, 0, async () => section.check(file.corpId, step.change))
      differences.push(...step.differences)
      const isThere = step.differences.every(one => one.act === 'set')
      if (isThere) before.set(place, new Map(step.differences.map(one => [one.field, canonical(one.before)])))
      return step.key
    }),
  )
  return { differences, before }
}

/**
 * Makes the settings those of the file, by the functions that the console calls, section by section. What cannot be made is found before
 * anything is changed; a rule that refuses a change ends it there, and the file can be applied again. Returns what was changed. `check` sees all that
 * would change, and throws for what may not; what others changed after it looked ends it there too.
 */
export async function applySettings(
  ctx: Needs,
  actor: string,
  file: SettingsFile,
  check?: (differences: readonly Difference[]) => void,
): Promise<Difference[]> {
  const { corpId } = file
  const { differences, before } = await planOf(ctx, file)
  check?.(differences)
  if (differences.length === 0) return []
  const done: Difference[] = []
  await ctx.mirrors.during(corpId, () =>
    eachStep(ctx, file, async (section, step) => {
      const { add, set } = section
      const place = placeOf(section, step)
      await refusedAt(place, done.length, async () => checkUnchanged(step, before.get(place)))
      if (step.differences.length === 0) return step.key
      const key = await refusedAt(place, done.length, async () => {
        if (step.key === undefined)
          return typeof add === 'function' ? add(actor, corpId, step.item) : undefined
        await set(actor, corpId, step.key, step.change)
        return step.key
      })
      done.push(...step.differences.map(one => ({ ...one, key: key ?? '' })))
      return key
    }),
  )
  return done
}

/** Throws 1000 where a setting is not what was decided on. What was not there then may have come with what the file makes. */
function checkUnchanged({ key, differences }: Step, decided: ReadonlyMap<string, string> | undefined): void {
  if (decided && key === undefined)
    throw new ApiError('badParameter', {
      zh: '在应用期间被删除或改名，没有新建；请重新比较后再应用',
      en: 'it was deleted or renamed meanwhile, and is not made again; compare again, then apply',
    })
  const changed = decided && differences.find(one => decided.get(one.field) !== canonical(one.before))
  if (!changed) return
  const now = canonical(changed.before)
  throw new ApiError('badParameter', {
    zh: told`${own(changed.field)} 在应用期间被他人改为 ${now}，没有覆盖；请重新比较后再应用`,
    en: told`${own(changed.field)} was changed to ${now} by somebody else meanwhile and is left so; compare again, then apply`,
  })
}

/** Goes through the file in an order in which what is referred to comes first; `take` returns the key that the item has here. */
async function eachStep(
  { offered, reloadSeldom }: Needs,
  { corpId, sections }: SettingsFile,
  take: (section: OfferedSection, step: Step) => Promise<string | undefined>,
): Promise<void> {
  const keys: Keys = new Map()
  for (const section of offered.settings) {
    const items = sections.get(section.name)
    if (!items) continue
    const own = new Map<string, string>()
    const steps = stepsOf(section, await section.read(corpId), items, keys)
    const takeAll = async () => {
      for (const step of steps) {
        if (step.key === undefined) checkMayAdd(section, step.at)
        const key = await take(section, step)
        const named = section.key && step.item[section.key]
        if (named !== undefined && key !== undefined) own.set(String(named), key)
      }
    }
    await (section.isLarge ? reloadSeldom(corpId, takeAll) : takeAll())
    keys.set(section.name, own)
  }
}

function placeOf({ name, key }: OfferedSection, { at }: Step): string {
  return key === undefined ? name : `${name}[${at}]`
}

function checkMayAdd({ name, add }: OfferedSection, at: number): void {
  if (typeof add === 'function') return
  const why = add ?? { zh: '不能由文件新建', en: 'cannot be made from a file' }
  throw new ApiError('badParameter', {
    zh: told`${own(`${name}[${at}]`)} ${own(why.zh)}`,
    en: told`${own(`${name}[${at}]`)} ${own(why.en)}`,
  })
}

/** Names the item that a rule refuses, and says that what was changed before it stays. */
async function refusedAt<T>(place: string, done: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const before = {
      zh: done > 0 ? `（此前的 ${done} 处改动已生效）` : '',
      en: done > 0 ? ` (the ${done} changes before it are made)` : '',
    }
    throw new ApiError(error.error, {
      zh: told`${own(place)}：${error.messageIn('zh')}${own(before.zh)}`,
      en: told`${own(place)}: ${error.messageIn('en')}${own(before.en)}`,
    })
  }
}
