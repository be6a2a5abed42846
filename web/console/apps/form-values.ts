import type { Answer } from '../../ui/data/api.ts'
import type { FieldsOf } from '../../ui/data/form-act.ts'
import { isFromOutside, isOutsideDepartment } from '../../ui/fields/outside-picker.tsx'

/** One chosen department, member or tag in the form of a Select with labels. */
export type SelectOption = { value: string; label: string }

export type Audience = {
  everyone: boolean
  /** Without a label, those that were chosen in this form. */
  departments: { value: string; label?: string }[]
  members: SelectOption[]
  tags: SelectOption[]
  groups: { value: string; label?: string }[]
}

/** Undefined means unchanged, null means removed. */
export type IconChange = { base64: string; url: string } | null | undefined

export type AppValues = {
  name: string
  category: string
  description: string
  sortNo: number | null
  homeUrl: string
  mobileUrl: string
  openIn: 'top' | 'frame'
  origins: string[]
  devId: string | undefined
  agentId: number | undefined
  syncMenu: boolean
  syncUrl: string
  payShortcut: boolean
  audience: Audience
  icon: IconChange
}

type DeletedLabel = (name: string) => string

/** Everyone, where there is no visibility yet. */
export function audienceOf(
  visibility: Answer<'/web/apps/app'>['visibility'] | undefined,
  gone: DeletedLabel,
): Audience {
  const named = (one: { name: string; isGone: boolean }) => (one.isGone ? gone(one.name) : one.name)
  const numbered = (one: { id: number; name: string; isGone: boolean }) => ({
    value: String(one.id),
    label: named(one),
  })
  return {
    everyone: visibility?.everyone ?? true,
    departments: visibility?.departments.map(numbered) ?? [],
    members:
      visibility?.members.map(one => ({
        value: one.userId,
        label: named({ ...one, name: one.name || one.userId }),
      })) ?? [],
    tags: visibility?.tags.map(numbered) ?? [],
    groups: visibility?.groups.map(numbered) ?? [],
  }
}

export function valuesOf(app: Answer<'/web/apps/app'> | undefined, gone: DeletedLabel): AppValues {
  return {
    name: app?.name ?? '',
    category: app?.category ?? '',
    description: app?.description ?? '',
    sortNo: app?.sortNo ?? 0,
    homeUrl: app?.homeUrl ?? '',
    mobileUrl: app?.mobileUrl ?? '',
    openIn: app?.openIn ?? 'top',
    origins: [...(app?.ownOrigins ?? [])],
    devId: app?.devId ?? undefined,
    agentId: app?.agentId ?? undefined,
    syncMenu: app?.syncMenu ?? false,
    syncUrl: app?.syncUrl ?? '',
    payShortcut: app?.payShortcut ?? false,
    audience: audienceOf(app?.visibility, gone),
    icon: undefined,
  }
}

export function visibilityOf(audience: Audience) {
  const { everyone, departments, members, tags, groups } = meantBy(audience)
  return {
    everyone,
    departments: departments.map(one => Number(one.value)),
    userIds: members.map(one => one.value),
    tags: tags.map(one => Number(one.value)),
    groups: groups.map(one => Number(one.value)),
  }
}

/** What is for everybody, which means all members, can only name people from outside WeCom besides. */
export function meantBy(audience: Audience): Audience {
  if (!audience.everyone) return audience
  const departments = audience.departments.filter(isOutsideDepartment)
  const members = audience.members.filter(isFromOutside)
  return { everyone: true, departments, members, tags: [], groups: [] }
}

/** Converts the form's values to what the server expects. What wisp decides about a built-in app is left out. */
export function settingsOf(values: AppValues, isBuiltin: boolean) {
  const { audience, icon, sortNo, agentId, name, category, description } = values
  return {
    name: name.trim(),
    category: category?.trim() ?? '',
    description,
    sortNo: sortNo ?? 0,
    agentId: agentId ?? null,
    visibility: visibilityOf(audience),
    ...(icon === undefined ? {} : { icon: icon === null ? null : icon.base64 }),
    ...(isBuiltin ? {} : ownSettings(values)),
  }
}

function ownSettings({
  devId,
  homeUrl,
  mobileUrl,
  openIn,
  origins,
  syncMenu,
  syncUrl,
  payShortcut,
}: AppValues) {
  return {
    openIn,
    origins,
    syncMenu,
    payShortcut,
    devId: devId ?? null,
    homeUrl: homeUrl.trim(),
    mobileUrl: mobileUrl.trim(),
    syncUrl: syncUrl.trim(),
  }
}

const ofServer = [
  'name',
  'category',
  'description',
  'homeUrl',
  'mobileUrl',
  'origins',
  'syncUrl',
  'icon',
] as const satisfies (keyof AppValues)[]

/** The server names an input with or without what is around it. */
export const fieldsOfApp: FieldsOf = {
  named: Object.fromEntries(ofServer.flatMap(name => [`settings.${name}`, name].map(named => [named, name]))),
}
