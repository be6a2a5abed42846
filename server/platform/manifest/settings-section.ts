import type { Static, TObject } from 'typebox'
import type { Words } from '../words.ts'

export type SettingsItem = Readonly<Record<string, unknown>>

/**
 * A section of the file that holds the settings of a corp (features/settings-file). It holds no secret, and is changed by the very
 * functions that the console and the command line call.
 */
export type SettingsSection<C> = {
  /** The property that tells the items of a list apart; without it the section is one item. */
  key?: string
  /** The properties of an item whose values are keys of another section, by that section's name. */
  refersTo?: Readonly<Record<string, string>>
  /** Properties in which the order of lists means something. */
  ordered?: readonly string[]
  /** Thousands of items may be made one after the other: none of its functions needs in memory what the one before has changed. */
  isLarge?: true
  /** Properties that people alone change, with what a new item has of each: `wisp apply` takes them, a program's file does not. */
  byPeople?: Readonly<Record<string, unknown>>
  shape: (ctx: C) => TObject
  read: (ctx: C, corpId: string) => Promise<readonly SettingsItem[]>
  /** Makes an item, and returns its key. Why not, where it takes what is not in the file. */
  add?: ((ctx: C, actor: string, corpId: string, item: SettingsItem) => Promise<string>) | Words
  /** Throws for a change that cannot be made from a file, before anything is changed. */
  check?: (ctx: C, corpId: string, change: SettingsItem) => void
  /** `change` has the properties that differ; `key` is '' where the section is one item. */
  set: (ctx: C, actor: string, corpId: string, key: string, change: SettingsItem) => Promise<unknown>
}

type SectionDeclaration<C, S extends TObject> = {
  key?: string
  refersTo?: Readonly<Record<string, string>>
  ordered?: readonly string[]
  isLarge?: true
  byPeople?: Readonly<Record<string, unknown>>
  shape: S | ((ctx: C) => S)
  read: (ctx: C, corpId: string) => Promise<readonly object[]>
  add?: ((ctx: C, actor: string, corpId: string, item: Static<S>) => Promise<string>) | Words
  check?: (ctx: C, corpId: string, change: Partial<Static<S>>) => void
  set: (ctx: C, actor: string, corpId: string, key: string, change: Partial<Static<S>>) => Promise<unknown>
}

/** Declares a section; what its functions are given has been checked against its shape. */
export function settingsSection<C, S extends TObject>({
  shape,
  ...rest
}: SectionDeclaration<C, S>): SettingsSection<C> {
  const shapeOf = typeof shape === 'function' ? shape : () => shape
  return { ...rest, shape: shapeOf } as unknown as SettingsSection<C>
}
