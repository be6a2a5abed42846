import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import { entryNamed, type NamedEntry, whyClosed } from '../../upstream/catalogue/catalogue.ts'
import type { Vendor } from '../../upstream/catalogue/entry.ts'

/** The catalogue's entry of a path. Undefined for one that is unknown; throws 1009 for one that is closed for everybody. */
export function findOpen(vendor: Vendor, path: string): NamedEntry | undefined {
  const why = whyClosed(vendor, path)
  if (why)
    throw new ApiError('forbidden', {
      zh: told`此接口不能代调用：${own(why.zh)}`,
      en: told`this call is not passed on: ${own(why.en)}`,
    })
  return entryNamed(`${vendor}/${path}`)
}

/** Throws 1009 for a call that the developer was not given, and for one about people where its data scope is not the whole corp. */
export function checkGranted({ upstreamPaths, dataScope }: Caller, { name, isPersonal }: NamedEntry): void {
  if (!upstreamPaths.has(name))
    throw new ApiError(
      'forbidden',
      {
        zh: told`开发者不能代调用 ${own(name)}；负责人可在 /developer 的「权限」中申请`,
        en: told`the developer may not have ${own(name)} passed on; its owners can ask for it on /developer under Scopes`,
      },
      { mend: { path: name } },
    )
  if (isPersonal && dataScope)
    throw new ApiError('forbidden', {
      zh: told`${own(name)} 含个人信息，不能由设有可见范围的开发者代调用`,
      en: told`${own(name)} is about people, and is not passed on for a developer with a data scope`,
    })
}
