import type { Static, TSchema } from 'typebox'
import type { CommandPart } from '../command/command.ts'
import type { Field } from '../http/input.ts'

/**
 * Something that is set for a developer, a corp and so on: declared once, and read alike by every way in. Calls of management and the
 * file of settings take it in the form of `schema`, which says in words what it is. Calls and commands themselves are not declared
 * together: see docs/decisions/declared-faces.md.
 */
type Setting = { schema: TSchema } & Ways<unknown>
type Settings = Readonly<Record<string, Setting>>

type Ways<T> = {
  /** What a new one has. */
  initial?: T
  /** The input of the console's form; undefined leaves the setting as it is. */
  page?: Field<T | undefined>
  /** The option of the command line. */
  option?: CommandPart<T | undefined>
}

/** Declares a setting, whose page and option give what its schema says. */
export function setting<S extends TSchema, const M extends Ways<Static<S> | Readonly<Static<S>>>>(
  schema: S,
  ways: M,
): { schema: S } & M {
  return { schema, ...ways }
}

type SettingsWith<M, P extends string> = {
  [K in keyof M as M[K] extends Record<P, unknown> ? K : never]: M[K]
}
type PartOfEach<M, P extends string> = {
  [K in keyof SettingsWith<M, P>]: SettingsWith<M, P>[K] extends Record<P, infer T> ? T : never
}

/** The values of settings, of which each may be left out. */
export type SettingValues<M extends Settings> = { [K in keyof M]?: Static<M[K]['schema']> }

function each<M extends Settings, P extends keyof Setting>(settings: M, part: P): PartOfEach<M, P> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, one]) => (one[part] === undefined ? [] : [[name, one[part]]])),
  ) as PartOfEach<M, P>
}

export const schemasOf = <M extends Settings>(settings: M) => each(settings, 'schema')
export const fieldsOf = <M extends Settings>(settings: M) => each(settings, 'page')
export const optionsOf = <M extends Settings>(settings: M) => each(settings, 'option')
export const initialOf = <M extends Settings>(settings: M) =>
  each(settings, 'initial') as unknown as { [K in keyof SettingsWith<M, 'initial'>]: Static<M[K]['schema']> }

/** The settings among the properties of what is shown. */
export function settingsIn<M extends Settings, V extends { readonly [K in keyof M]: unknown }>(
  settings: M,
  view: V,
): Pick<V, keyof M & keyof V> {
  return Object.fromEntries(Object.keys(settings).map(name => [name, view[name]])) as never
}
